// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

@Suite struct ArgumentCheckTests {
    private let schema: JSONValue = [
        "type": "object",
        "properties": [
            "city": ["type": "string", "maxLength": 5],
            "days": ["type": "integer", "minimum": 1, "maximum": 7],
            "unit": ["enum": ["c", "f"]],
            "tags": ["type": "array", "items": ["type": ["string", "null"]]],
        ], "required": ["city"], "additionalProperties": false,
    ]

    @Test(arguments: [
        (#"{"city":"Oslo"}"#, nil),
        (#"{"city":"Oslo","days":7.0,"unit":"f","tags":["a",null]}"#, nil),
        (#"{}"#, "arguments.city: is missing"),
        (#"{"city":3}"#, "arguments.city: expected string, found integer"),
        (#"{"city":"Tromso"}"#, "arguments.city: its length is above the most of 5"),
        (#"{"city":"Oslo","days":1.5}"#, "arguments.days: expected integer, found number"),
        (#"{"city":"Oslo","days":0}"#, "arguments.days: its value is below the least of 1"),
        (#"{"city":"Oslo","unit":"k"}"#, #"arguments.unit: expected one of "c", "f""#),
        (#"{"city":"Oslo","tags":["a",1]}"#, "arguments.tags[1]: expected string or null, found integer"),
        (#"{"city":"Oslo","more":1}"#, "arguments.more: is unknown"),
        ("[]", "arguments: expected object, found array"),
    ])
    func saysWhatIsWrong(arguments: String, problem: String?) throws {
        #expect(ArgumentCheck.problem(try JSONValue(parsing: arguments.utf8), schema) == problem)
    }

    @Test func doesNotFollowASchemaWithoutEnd() throws {
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        var schema: JSONValue = ["type": "array"]
        for _ in 0..<80 { schema = ["type": "array", "items": schema] }
        #expect(ArgumentCheck.problem(try JSONValue(parsing: deep.utf8), schema)?.hasSuffix("too deeply") == true)
    }

    @Test(arguments: [
        (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), ("1.0", "1"),
        (#"{"x":[{"b":1,"a":1e2}]}"#, #"{"x":[{"a":100,"b":1}]}"#),
    ])
    func hasOneFormForWhatMeansTheSame(text: String, canonical: String) throws {
        let value = try JSONValue(parsing: text.utf8).canonical
        #expect(value == (try JSONValue(parsing: canonical.utf8)).canonical)
        #expect(value.canonical == value)
    }
}
