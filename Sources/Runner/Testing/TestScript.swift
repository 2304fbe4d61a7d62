// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors
import Transports

/// The steps of a test on the time axis, their sound ready to be sent.
struct TestScript: Sendable {
    /// Something that happens at a moment.
    enum Action: Sendable {
        case sound(Audio)
        case words(String)
        case key(DTMF)
        case hangUp
    }

    /// Why a script cannot be made.
    struct Problem: Error {
        /// The step's number, from 0.
        var step: Int
        /// What is wrong and what to do.
        var message: String
    }

    private static let keyInterval = Duration.milliseconds(100)

    /// What happens when, in order of time.
    private(set) var actions: [(time: Duration, action: Action)] = []
    /// When the last step begins.
    private(set) var lastStart = Duration.zero
    /// When the last step is over.
    private(set) var end = Duration.zero

    /// Places the steps, reads their recordings and speaks their words.
    ///
    /// - Parameter format: What the call's audio must be; linear and mono.
    init(_ steps: [TestStep], format: AudioFormat) throws(Problem) {
        for (index, step) in steps.enumerated() {
            let start = step.at ?? end
            do {
                end = max(end, try add(step, at: start, format))
            } catch {
                throw Problem(step: index, message: "\(error)")
            }
            lastStart = max(lastStart, start)
        }
        actions = actions.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element)
    }

    /// Adds a step; returns when it is over.
    private mutating func add(_ step: TestStep, at start: Duration, _ format: AudioFormat) throws -> Duration {
        if let file = step.play { return addSound(try Self.read(file.resolved, format), at: start) }
        if let words = step.say { return addSound(try Self.speak(words, format), at: start) }
        if let wait = step.wait { return start + wait }
        if let words = step.type { actions.append((start, .words(words))) }
        if step.hangup { actions.append((start, .hangUp)) }
        let keys = (step.dtmf ?? "").compactMap { DTMF($0) }
        for (index, key) in keys.enumerated() { actions.append((start + Self.keyInterval * index, .key(key))) }
        return start + Self.keyInterval * keys.count
    }

    private mutating func addSound(_ audio: Audio, at start: Duration) -> Duration {
        actions.append((start, .sound(audio)))
        return start + audio.duration
    }

    // MARK: Sound

    private static func read(_ path: String, _ format: AudioFormat) throws -> Audio {
        let reader = try SoundFileReader(path)
        var samples: [Int16] = []
        while let block = try reader.read(reader.format.rateHz) { block.withSamples { samples.append(contentsOf: $0) } }
        return try resampled(samples, from: reader.format.rateHz, to: format)
    }

    private static func speak(_ words: String, _ format: AudioFormat) throws -> Audio {
        var samples: [Int16] = []
        try FliteVoice(.rms).synthesize(
            words, onWords: { _ in },
            onAudio: { chunk in
                samples.append(contentsOf: chunk)
                return true
            })
        return try resampled(samples, from: FliteVoice.sampleRate, to: format)
    }

    private static func resampled(_ samples: [Int16], from rate: Int, to format: AudioFormat) throws -> Audio {
        guard rate != format.rateHz else { return Audio(format: format, samples: samples) }
        let resampler = try StreamingResampler(from: rate, to: format.rateHz)
        return Audio(format: format, samples: resampler.process(samples) + resampler.flush())
    }

    /// The caller's next 20 ms: what is played over silence.
    ///
    /// A later sound takes the place of an earlier one.
    func audio(at time: Duration, format: AudioFormat) -> Audio {
        let length = Duration.milliseconds(20).sampleCount(rate: format.rateHz)
        for case (let start, .sound(let audio)) in actions.reversed()
        where start <= time && time - start < audio.duration {
            let offset = (time - start).sampleCount(rate: format.rateHz)
            let piece = audio.slice(offset..<offset + length)
            guard piece.sampleCount < length else { return piece }
            return Audio(format: format, sampleCount: length) { target in
                piece.withSamples { _ = target.update(fromContentsOf: $0) }
            }
        }
        return Audio(format: format, sampleCount: length) { _ in }
    }
}
