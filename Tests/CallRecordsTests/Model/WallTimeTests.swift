// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallRecords

@Suite struct WallTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_273_445_123, "2026-11-21T15:04:05.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func isWrittenInUTC(milliseconds: Int64, text: String) {
        #expect(WallTime(milliseconds: milliseconds).text == text)
    }

    @Test func isRead() {
        #expect(WallTime("2026-11-21T15:04:05Z")?.text == "2026-11-21T15:04:05.000Z")
        #expect(WallTime("2026-11-21")?.text == "2026-11-21T00:00:00.000Z")
        #expect(WallTime("2024-02-29")?.shown == "2024-02-29 00:00:00")
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-04-31", "2026-11-21T", "2026-11-21T24:00:00Z", "26-11-21",
        "2026-11-21T15:04:05", "2026-11-21 15:04:05Z", "2026-1１-21", "-026-11-21", "2026-11-21T15:04:05ZZ", "T", "T-:Z",
    ])
    func refusesWhatIsNoMoment(text: String) {
        #expect(WallTime(text) == nil)
    }

    @Test(arguments: [
        ("+1 (555) 123-4567", "+15551234567"), (" 15551234567", "+15551234567"), ("555.123", "555123"),
        ("sip:bob@example.com", "sip:bob@example.com"), ("", ""), ("+", "+"), ("anonymous", "anonymous"),
    ])
    func numbersAreNormalized(text: String, number: String) {
        #expect(PhoneNumber.normalized(text) == number)
    }
}
