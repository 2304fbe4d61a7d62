// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Providers
import Testing

@Suite struct ProviderErrorTests {
    @Test func printsItsMessageAlone() {
        #expect("\(ProviderError(.permanent, "the key is wrong", status: 401))" == "the key is wrong")
    }
}
