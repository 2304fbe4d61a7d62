// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct TurnSchemaTests {
    @Test func declaresItsParametersSoundly() {
        #expect(TurnParameters.erasedSchema.problems() == [])
        #expect(UserContext.Parameters.erasedSchema.problems() == [])
        #expect(Sentences.Parameters.erasedSchema.problems() == [])
        #expect(TextFilter.Parameters.erasedSchema.problems() == [])
    }
}
