// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

/// What `docs/server.md` shows can be written into a pipeline file.
@Suite struct ServerPageTests {
    @Test func everyExampleIsRight() throws {
        let root = String(#filePath.split(separator: "/Tests/")[0])
        let page = String(decoding: try SourceFile.read(path: "\(root)/docs/server.md", limit: 1 << 20), as: UTF8.self)
        let examples = page.split(separator: "```yaml\n").dropFirst().compactMap { $0.split(separator: "```").first }
        #expect(examples.count == 4)
        for example in examples {
            var diagnostics = Diagnostics()
            let reader = PipelineReader(environment: ["API_KEY": "0123456789abcdef"])
            let text = "pipeline: p\nprocessors:\n  - caller:\n  - speaker:\n\(example)"
            #expect(reader.read(text, file: "server.md", into: &diagnostics) != nil)
            #expect(diagnostics.isEmpty, "\(diagnostics.rendered())")
        }
    }
}
