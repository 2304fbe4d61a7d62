// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func writesAndReadsTheStandardsVectors(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text.utf8) == Array(plain.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg==Zg==", "=", "====", "Z===", "Zh==", "Zm9=", "Zm9v\n", "Zm-v", "Zm9*", "Z=9v",
    ])
    func refusesWhatIsNotBase64(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test func readsWhatItWrote() {
        var random = SeededGenerator(seed: 1)
        for count in 0..<400 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
        }
    }

    @Test func neverTrapsOnRandomBytes() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if let decoded = Base64.decode(bytes) {
                #expect(Array(Base64.encode(decoded).utf8) == bytes)
            }
        }
    }
}
