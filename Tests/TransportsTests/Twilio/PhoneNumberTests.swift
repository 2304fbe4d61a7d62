// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Transports

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        ("+15550101", "+15550101"), (" +1 (555) 01-01 ", "+15550101"), ("0049 30 1234", "+49301234"),
        ("+44.20.7946.0000", "+442079460000"), ("+123456789012345", "+123456789012345"), ("+12", "+12"),
    ])
    func readsWhatPeopleWrite(text: String, number: String) throws {
        #expect(try PhoneNumber(text).description == number)
    }

    @Test(arguments: [
        "", "+", "15550101", "+05550101", "+1", "+1234567890123456", "+1555O101", "++15550101", "+1555+0101",
        "anonymous",
        "sip:a@b", "+٣٣٣٣٣٣٣", "+1555\u{0}0101", String(repeating: "1", count: 10_000),
        "+1555" + String(repeating: " ", count: 80),
    ])
    func refusesWhatIsNoNumber(text: String) {
        #expect(throws: PhoneNumber.Invalid.self) { try PhoneNumber(text) }
    }

    /// `curl -X POST "…/call/initiate?phone_number=+1234567890"`: an unencoded plus is a space.
    @Test func takesTheSpaceOfAQueryForAPlus() throws {
        #expect(try PhoneNumber(query: " 1234567890").description == "+1234567890")
        #expect(try PhoneNumber(query: "+1234567890").description == "+1234567890")
        #expect(throws: PhoneNumber.Invalid.self) { try PhoneNumber(query: "1234567890") }
    }
}
