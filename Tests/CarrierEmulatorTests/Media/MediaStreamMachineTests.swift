// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing
import Transports

@testable import CarrierEmulator

@Suite struct MediaStreamMachineTests {
    private var machine = MediaStreamMachine(
        StreamIdentity(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", parameters: [FormField("token", "a\"b")]))
    private var line: [UInt8] = []

    private mutating func receive(_ text: String, at time: Duration = .zero) -> [String] {
        machine.receive(Array(text.utf8), at: time)
    }

    private func media(_ count: Int) -> String {
        let payload = Base64.encode([UInt8](repeating: 7, count: count))
        return #"{"event":"media","streamSid":"MZ1","media":{"payload":"\#(payload)"}}"#
    }

    private func mark(_ name: String) -> String {
        #"{"event":"mark","streamSid":"MZ1","mark":{"name":"\#(name)"}}"#
    }

    @Test mutating func beginsAsTheCarrierDoes() {
        #expect(
            machine.open() == [
                #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#,
                #"{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","#
                    + #""tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"#
                    + #""customParameters":{"token":"a\"b"}},"streamSid":"MZ1"}"#,
            ])
    }

    @Test mutating func numbersWhatTheCallerSays() {
        _ = machine.open()
        let audio = [UInt8](repeating: 0xFF, count: 160)
        let payload = Base64.encode(audio)
        _ = machine.tick(callerAudio: audio, into: &line)
        // A chunk that the network loses leaves a gap in the numbers of chunks, not in those of messages.
        #expect(machine.tick(callerAudio: nil, into: &line) == [])
        #expect(
            machine.tick(callerAudio: audio, keys: ["5"], into: &line) == [
                #"{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"3","timestamp":"40","#
                    + #""payload":"\#(payload)"},"streamSid":"MZ1"}"#,
                #"{"event":"dtmf","sequenceNumber":"4","dtmf":{"track":"inbound_track","digit":"5"},"streamSid":"MZ1"}"#,
            ])
        #expect(
            machine.stop() == #"{"event":"stop","sequenceNumber":"5","stop":{"accountSid":"AC1","callSid":"CA1"},"#
                + #""streamSid":"MZ1"}"#)
    }

    @Test mutating func answersMarksWhenTheyAreHeardAndAtOnceWhenTheyAreCleared() {
        _ = receive(media(200))
        #expect(receive(mark("one")) == [])
        _ = receive(media(1000))
        #expect(receive(mark("two")) == [])
        #expect(machine.tick(callerAudio: nil, into: &line) == [])
        #expect(
            machine.tick(callerAudio: nil, into: &line)
                == [#"{"event":"mark","sequenceNumber":"1","mark":{"name":"one"},"streamSid":"MZ1"}"#])
        #expect(
            receive(#"{"event":"clear","streamSid":"MZ1"}"#)
                == [#"{"event":"mark","sequenceNumber":"2","mark":{"name":"two"},"streamSid":"MZ1"}"#])
        #expect(machine.clearedMarkCount == 1)
        #expect(machine.tick(callerAudio: nil, into: &line) == [])
        #expect(line.suffix(160).allSatisfy { $0 == 0xFF })
        #expect(receive(mark("three")).count == 1)
    }

    @Test(arguments: [
        #"{"event":"media","streamSid":"MZ2","media":{"payload":""}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{"payload":"???"}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{"payload":7}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{"payload":"","track":"outbound"}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{"payload":""},"sequenceNumber":"1"}"#,
        #"{"event":"media","streamSid":"MZ1","media":{}}"#,
        #"{"event":"media","streamSid":"MZ1"}"#,
        #"{"event":"mark","streamSid":"MZ1","mark":"x"}"#,
        #"{"event":"clear","streamSid":"MZ1","clear":{}}"#,
        #"{"event":"stop","streamSid":"MZ1"}"#,
        #"{"streamSid":"MZ1"}"#,
        "[]", "", "{", "\u{0}",
    ])
    mutating func listsWhatDoesNotHaveTheDocumentedShape(_ text: String) {
        #expect(receive(text) == [])
        #expect(machine.warnings.map(\.code) == [31951])
        #expect(receive(text) == [])
        #expect(machine.warnings.count == 1)
        #expect(machine.refused.count == 2)
        #expect(!machine.isPlaying)
    }

    @Test mutating func survivesAnyBytes() {
        var random = SeededGenerator(seed: 11)
        let valid = Array(media(20).utf8)
        for _ in 0..<5000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = machine.receive(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)), at: .zero)
        }
        #expect(machine.refused.count == 100)
    }

    @Test mutating func measuresHowABargeInStopsTheAgent() {
        _ = receive(media(8000), at: .milliseconds(0))
        machine.callerBegan(at: .milliseconds(100))
        _ = receive(media(160), at: .milliseconds(150))
        _ = receive(#"{"event":"clear","streamSid":"MZ1"}"#, at: .milliseconds(230))
        machine.callerEnded()
        _ = receive(media(160), at: .milliseconds(900))
        #expect(machine.bargeIns.map(\.stoppedAfter) == [.milliseconds(130)])
    }
}

@Suite struct ArrivalStatisticsTests {
    @Test func anAgentThatSendsAheadIsPunctual() {
        var arrivals = ArrivalStatistics()
        for index in 0..<5 { arrivals.add(sampleCount: 160, at: .zero, isQueueEmpty: index == 0) }
        for index in 5..<50 {
            arrivals.add(sampleCount: 160, at: .milliseconds(20 * (index - 4)), isQueueEmpty: false)
        }
        #expect(arrivals.lateness.milliseconds(atShare: 1) == 0.1)
        #expect(arrivals.underrunCount == 0)
    }

    @Test func aPieceIsAsLateAsItMissesTheSteadyPace() {
        var arrivals = ArrivalStatistics()
        for time in [0, 20, 40, 95, 95, 100] {
            arrivals.add(sampleCount: 160, at: .milliseconds(time), isQueueEmpty: time == 95)
        }
        #expect(arrivals.lateness.milliseconds(atShare: 1) == 35.1)
        #expect(arrivals.lateness.milliseconds(atShare: 0.5) == 0.1)
    }

    @Test func aNewReplyHasABeginningOfItsOwn() {
        var arrivals = ArrivalStatistics()
        arrivals.add(sampleCount: 160, at: .zero, isQueueEmpty: true)
        arrivals.add(sampleCount: 160, at: .seconds(2), isQueueEmpty: true)
        arrivals.cleared()
        arrivals.add(sampleCount: 160, at: .milliseconds(2200), isQueueEmpty: true)
        #expect(arrivals.lateness.milliseconds(atShare: 1) == 0.1)
    }

    @Test func aHistogramCanBeSentToAnotherProcess() {
        var histogram = LatencyHistogram()
        for milliseconds in [0, 3, 3, 5000] { histogram.add(.milliseconds(milliseconds)) }
        var sum = LatencyHistogram(histogram.json)
        #expect(sum == histogram)
        sum.add(histogram)
        #expect(sum.count == 8)
        #expect(LatencyHistogram().milliseconds(atShare: 0.5) == nil)
    }
}
