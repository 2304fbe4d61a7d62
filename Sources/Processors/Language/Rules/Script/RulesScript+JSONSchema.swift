// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

extension RulesScript {
    /// The JSON Schema (draft-07) of rules files, by which editors complete keys and show what they mean.
    package static var jsonSchema: JSONValue {
        let head: JSONValue = [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Rules",
            "description": "What a rule-based agent understands and says.",
        ]
        return head.appending(erasedSchema.json)
    }
}
