// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

/// One random call: when the caller speaks and interrupts, how long each stage takes, how much each queue holds.
struct Schedule {
    // 20 samples a frame: what is tested is order and count, which do not depend on the rate.
    static let format = AudioFormat(rateHz: 1000)

    let seed: UInt64
    let caller: ScriptedCaller
    let duration: Duration
    let hangover: Duration
    let relayDelay: Duration
    let voice: FakeTextToSpeech.Voice
    let lead: Duration
    let queues: [Int]
    private let tokens: ClosedRange<Int>
    private let firstToken: ClosedRange<Int>
    private let recognition: ClosedRange<Int>

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        hangover = .milliseconds(Int.random(in: 1...10, using: &random) * 20)
        relayDelay = .milliseconds([0, 0, 5, 40].randomElement(using: &random) ?? 0)
        lead = .milliseconds(Int.random(in: 20...160, using: &random))
        queues = (0..<4).map { _ in [1, 2, 3, 8, 64].randomElement(using: &random) ?? 1 }
        tokens = 1...Int.random(in: 1...5, using: &random)
        firstToken = 0...Int.random(in: 0...400, using: &random)
        recognition = 0...Int.random(in: 0...500, using: &random)
        var voice = FakeTextToSpeech.Voice()
        voice.format = Self.format
        voice.perCharacter = .milliseconds(Int.random(in: 3...25, using: &random))
        voice.firstChunk = .milliseconds(Int.random(in: 0...120, using: &random))
        voice.chunk = .milliseconds(Int.random(in: 7...150, using: &random))
        voice.gap = .milliseconds([0, 0, 10, 60].randomElement(using: &random) ?? 0)
        self.voice = voice
        duration = .milliseconds(Int.random(in: 800...2400, using: &random))
        caller = ScriptedCaller(Self.steps(until: duration, &random))
    }

    private static func steps(until end: Duration, _ random: inout SeededGenerator) -> [ScriptedCaller.Step] {
        let length = Int(end.milliseconds)
        var steps: [ScriptedCaller.Step] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let time = Duration.milliseconds(Int.random(in: 0..<length, using: &random))
            steps.append(.at(time, .speak(.milliseconds(Int.random(in: 20...400, using: &random)))))
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            steps.append(.at(.microseconds(Int.random(in: 0..<length * 1000, using: &random)), .interrupt))
        }
        if Int.random(in: 0..<12, using: &random) == 0 {
            steps.append(.at(.microseconds(Int.random(in: 0..<length * 1000, using: &random)), .hangUp))
        }
        return steps
    }

    /// A figure that depends on nothing but the schedule and what it is for.
    private func pick(_ range: ClosedRange<Int>, _ purpose: Int) -> Int {
        var random = SeededGenerator(seed: seed &* 1009 &+ UInt64(truncatingIfNeeded: purpose))
        return Int.random(in: range, using: &random)
    }

    func recognitionLatency(ofUtterance number: Int) -> Duration { .milliseconds(pick(recognition, number)) }

    /// The answer to a turn; its sentences name the turn.
    ///
    /// Some must be heard whole.
    func reply(to turn: TurnID) -> FakeLanguageModel.Reply {
        let count = pick(tokens, 1000 + turn.value)
        let texts = (0..<count).map { index in
            let notice = pick(0...9, 2000 + turn.value * 10 + index) == 0 ? "!" : ""
            return "\(notice)t\(turn) s\(index) \(String(repeating: "x", count: pick(1...12, 3000 + index)))"
        }
        return .init(
            texts, firstToken: .milliseconds(pick(firstToken, 4000 + turn.value)),
            gap: .milliseconds(pick(0...40, 5000 + turn.value)))
    }
}
