// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CarrierEmulator

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func agreesWithTheVectorsOfRFC4648(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg", "Zh==", "Z g=", "====", "Zg==Zg==", "Zm9v\n", "Zm-_"])
    func refusesWhatIsNotBase64(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func readsBackWhatItWrote() {
        var random = SeededGenerator(seed: 7)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
