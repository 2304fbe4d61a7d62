// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

@Suite struct SignatureTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private static let call: [WebhookSignature.Field] = [
        ("CallSid", "CA00000000000000000000000000000001"), ("AccountSid", "AC00000000000000000000000000000001"),
        ("From", "+15550100"), ("To", "+15550101"), ("CallStatus", "ringing"), ("ApiVersion", "2010-04-01"),
        ("Direction", "inbound"), ("CallerCity", ""), ("Body", "héllo & +1"),
    ]

    /// Made with the carrier's own library.
    private static let vectors: [(key: String, url: String, fields: [WebhookSignature.Field], signature: String)] = [
        (
            "12345", "https://mycompany.com/myapp.php?foo=1&bar=2",
            [
                ("CallSid", "CA1234567890ABCDE"), ("Caller", "+12349013030"), ("Digits", "1234"),
                ("From", "+12349013030"), ("To", "+18005551212"),
            ], "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
        ),
        (token, "https://voice.example.com/twilio/voice?tenant=7", call, "YxnJWI6Ah/QhgUBG9UlTGTGVPro="),
        (token, "https://voice.example.com:443/twilio/voice?tenant=7", call, "hTS3hKdS7/JXOOFh8xIP+hUEbYs="),
        (
            token,
            "https://voice.example.com/twilio/status?CallSid=CA00000000000000000000000000000001&CallStatus=completed",
            [], "T6eR/1jrmMwxC+NmxIjvgVi8Lko="
        ),
        (token, "wss://voice.example.com/media", [], "ttk+kVY3Kdi/BWVnuJguRoi2Bjs="),
        (token, "wss://voice.example.com/media/", [], "xSZ25E4AoL/WAklRSBhXh8WbY9E="),
        (token, "wss://voice.example.com:443/media", [], "JI5PyUOwt6GuF3/K92tnPhD5Oeo="),
        (
            token, "https://voice.example.com/m",
            [("A", "1"), ("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")], "Jk9CNW5VJzmOgZRq4f41ekk2TN4="
        ),
    ]

    private let check = SignatureCheck(tokens: [Secret("another"), Secret(token)])

    @Test(arguments: 0..<vectors.count)
    func signsAsTheCarrierDoes(index: Int) {
        let vector = Self.vectors[index]
        #expect(WebhookSignature.value(url: vector.url, fields: vector.fields, key: vector.key) == vector.signature)
    }

    @Test func signsWithASharedKeyToo() {
        let fields = Array(Self.call.filter { ["CallSid", "From", "To"].contains($0.name) })
        let url = "https://voice.example.com/twilio/voice?tenant=7"
        let signature = "oV5mBv/IaIbHvAUCLbykupKg8/h3HUCaBXXIIAbbYRw="
        #expect(WebhookSignature.value(url: url, fields: fields, key: Self.token, hash: .sha256) == signature)
        let check = SignatureCheck(tokens: [], sharedKeys: ["k1": Secret(Self.token)])
        #expect(check.accepts(signature, settings: "key=k1, algorithm=HMAC_SHA256", url: url, fields: fields))
        for settings in ["key=k2,algorithm=HMAC_SHA256", "key=k1,algorithm=HMAC_MD5", "algorithm=HMAC_SHA256", ""] {
            #expect(!check.accepts(signature, settings: settings, url: url, fields: fields))
        }
    }

    @Test(arguments: [
        "wss://voice.example.com/media", "wss://voice.example.com/media/", "wss://voice.example.com:443/media",
    ])
    func takesAnAddressWithAndWithoutPortAndSlash(url: String) {
        for signature in [
            "ttk+kVY3Kdi/BWVnuJguRoi2Bjs=", "xSZ25E4AoL/WAklRSBhXh8WbY9E=", "JI5PyUOwt6GuF3/K92tnPhD5Oeo=",
        ] {
            #expect(check.accepts(signature, url: url))
        }
    }

    @Test(arguments: [
        "https://voice.example.com/media", "wss://other.example.com/media", "wss://voice.example.com:8443/media",
        "wss://voice.example.com/media2", "wss://voice.example.com/media?x=1", "", "://", "wss://", "media",
    ])
    func refusesAnotherAddress(url: String) {
        #expect(!check.accepts("ttk+kVY3Kdi/BWVnuJguRoi2Bjs=", url: url))
    }

    @Test func refusesWhatIsNotSignedOrChanged() {
        let vector = Self.vectors[1]
        #expect(check.accepts(vector.signature, url: vector.url, fields: vector.fields))
        #expect(check.accepts(vector.signature, url: vector.url, fields: vector.fields.reversed()))
        #expect(!check.accepts(nil, url: vector.url, fields: vector.fields))
        #expect(!check.accepts("", url: vector.url, fields: vector.fields))
        #expect(!check.accepts(vector.signature.lowercased(), url: vector.url, fields: vector.fields))
        for index in vector.fields.indices {
            var fields = vector.fields
            fields[index].value += "0"
            #expect(!check.accepts(vector.signature, url: vector.url, fields: fields))
            fields.remove(at: index)
            #expect(!check.accepts(vector.signature, url: vector.url, fields: fields))
        }
        #expect(!SignatureCheck(tokens: []).accepts(vector.signature, url: vector.url, fields: vector.fields))
    }

    @Test func checksTheHashOfABodyThatIsNoForm() {
        let url =
            "https://voice.example.com/events?bodySHA256=93a23971a914e5eacbf0a8d25154cda309c3c1c72fbb9914d47c60f3cb681588"
        let signature = "CPQRJAfHqrsEqdhO6v2QILU+Tns="
        #expect(check.accepts(signature, url: url, body: Array(#"{"hello":"world"}"#.utf8)))
        #expect(!check.accepts(signature, url: url, body: Array(#"{"hello":"World"}"#.utf8)))
        #expect(!check.accepts(signature, url: "https://voice.example.com/events", body: []))
    }

    @Test func addressesOfVersionSixKeepTheirBrackets() {
        #expect(SignatureCheck.candidates(of: "http://[::1]/a") == ["http://[::1]/a", "http://[::1]:80/a"])
        #expect(SignatureCheck.candidates(of: "http://[::1]:8080/a") == ["http://[::1]:8080/a"])
    }
}
