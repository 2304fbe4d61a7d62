// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PipelineKit
import Testing

@testable import Processors

@Suite struct RulesJSONSchemaTests {
    @Test func isTheOneBesideTheRulesOfTheFrontDesk() throws {
        let path = String(FrontDesk.path).replacing("front_desk.rules.yaml", with: "rules.schema.json")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == RulesScript.jsonSchema.pretty)
    }

    @Test func namesEveryKeyOfTheFile() {
        let keys = ["greeting", "parts", "slots", "intents", "questions", "cancel", "no_match", "no_input"]
        #expect(keys.allSatisfy { RulesScript.jsonSchema["properties"]?[$0]?["description"] != nil })
        #expect(RulesScript.jsonSchema["additionalProperties"] == false)
    }
}
