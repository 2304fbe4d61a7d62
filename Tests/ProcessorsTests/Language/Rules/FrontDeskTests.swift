// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

@Suite struct FrontDeskTests {
    @Test func booksWhatItHasAskedFor() throws {
        var agent = try FrontDesk.agent()
        #expect(agent.respond(to: "I'd like to book an appointment").text == "What would you like to have done?")
        #expect(agent.respond(to: "a haircut please").text == "What day would suit you?")
        #expect(agent.respond(to: "on Friday").text == "And at what time?")
        let confirmation = agent.respond(to: "at three")
        #expect(confirmation.text == "So, a haircut on Friday at three in the afternoon. Is that right?")
        #expect(confirmation.slots == ["service": "haircut", "day": "friday", "time": "15:00"])
        #expect(
            agent.respond(to: "yes").text
                == """
                Wonderful, I have booked a haircut on Friday at three in the afternoon. \
                Is there anything else I can do for you?
                """)
        let goodbye = agent.respond(to: "no thank you")
        #expect(goodbye.text == "Thank you for calling. Goodbye.")
        #expect(goodbye.endsCall && !goodbye.isInterruptible)
    }
}
