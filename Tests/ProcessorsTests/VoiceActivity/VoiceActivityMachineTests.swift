// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Processors

/// Draws what a machine makes of windows of 10 ms: onset 30 ms, hangover 40 ms.
///
/// In `windows` a letter is a window: `H` high, `m` between the thresholds, `l` low, `q` high but quiet. In the answer
/// `S5@3` is a start that window 5 decides and that lies where window 3 begins; `E` is a stop.
private func draw(_ windows: String) -> String {
    var machine = VoiceActivityMachine(
        VoiceActivityMachine.Settings(
            threshold: 0.5, negativeThreshold: 0.35, onset: .milliseconds(30), hangover: .milliseconds(40),
            minimumLevel: -60))
    var edges: [String] = []
    for (index, letter) in windows.enumerated() {
        let probability = letter == "l" ? 0.1 : letter == "m" ? 0.4 : 0.9
        let reading = SpeechReading(probability: probability, level: letter == "q" ? -70 : -20)
        let start = MediaTime.zero + .milliseconds(10 * index)
        guard let edge = machine.process(reading, from: start, to: start + .milliseconds(10)) else { continue }
        let name = edge.edge == .speechStarted ? "S" : "E"
        edges.append("\(name)\(index)@\(edge.time.nanoseconds / 10_000_000)")
    }
    return edges.joined(separator: " ")
}

@Suite struct VoiceActivityMachineTests {
    @Test(arguments: [
        ("", ""),
        ("llll", ""),
        ("mmmmmm", ""),
        ("HHl", ""),
        ("HHH", "S2@0"),
        ("lHHHl", "S3@1"),
        ("HHlHHlHHlHH", ""),
        ("HmH", "S2@0"),
        ("HHHlll", "S2@0"),
        ("HHHllll", "S2@0 E6@3"),
        ("HHHlllHllll", "S2@0 E10@7"),
        ("HHHllmllll", "S2@0 E6@3"),
        ("HHHmmmmmmmm", "S2@0"),
        ("HHHllllHHHllll", "S2@0 E6@3 S9@7 E13@10"),
        ("qqqqq", ""),
        ("HHHqqqq", "S2@0 E6@3"),
        ("HHqHHH", "S5@3"),
    ])
    func decides(_ windows: String, _ edges: String) {
        #expect(draw(windows) == edges)
    }

    @Test func startsAtOnceWithoutAnOnset() {
        var machine = VoiceActivityMachine(VoiceActivityMachine.Settings(onset: .zero, hangover: .zero))
        let loud = SpeechReading(probability: 0.7, level: -20)
        let start = machine.process(loud, from: .zero, to: .zero + .milliseconds(10))
        #expect(start == VoiceActivity(.speechStarted, at: .zero, probability: 0.7))
        let low = SpeechReading(probability: 0.2, level: -20)
        let stop = machine.process(low, from: .zero + .milliseconds(10), to: .zero + .milliseconds(20))
        #expect(stop == VoiceActivity(.speechStopped, at: .zero + .milliseconds(10), probability: 0.2))
    }

    @Test func cutsSpeechWhereItMayHaveEnded() {
        var machine = VoiceActivityMachine(VoiceActivityMachine.Settings(onset: .zero))
        #expect(machine.cut(at: .zero) == nil)
        _ = machine.process(SpeechReading(probability: 1, level: -20), from: .zero, to: .zero + .milliseconds(10))
        let silence = SpeechReading(probability: 0, level: -20)
        _ = machine.process(silence, from: .zero + .milliseconds(10), to: .zero + .milliseconds(20))
        #expect(machine.cut(at: .zero + .milliseconds(20))?.time == .zero + .milliseconds(10))
        #expect(!machine.isSpeaking)
    }
}
