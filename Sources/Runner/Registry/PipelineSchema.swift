// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension ProcessorRegistry {
    /// The JSON Schema of pipeline files, with the steps and expectations of their tests.
    var completeJSONSchema: JSONValue {
        pipelineJSONSchema.replacing(["properties", "tests", "items"], with: PipelineTest.erasedSchema.json)
    }
}

extension JSONValue {
    /// The value with the member at a path replaced; the value itself where there is no such member.
    func replacing(_ path: ArraySlice<String>, with new: JSONValue) -> JSONValue {
        guard let key = path.first else { return new }
        guard case .object(let members) = self else { return self }
        return .object(
            members.map { $0.key == key ? Member(key, $0.value.replacing(path.dropFirst(), with: new)) : $0 })
    }
}
