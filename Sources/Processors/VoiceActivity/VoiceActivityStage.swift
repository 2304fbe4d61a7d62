// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Cuts the audio among the frames of a pipeline into windows and announces the edges of speech; the working part of
/// every voice activity processor.
///
/// Frames pass unchanged. An edge precedes the audio frame in which it is decided, so that whoever follows knows of it
/// first. Audio that stays away ends speech: after a gap of at least the hangover, or a second after the last frame.
struct VoiceActivityStage<Detector: SpeechDetector> {
    /// Time without any audio after which speech is over: the microphone was muted, or the network is gone.
    private static var absence: Duration { .seconds(1) }
    /// A longer gap is a new stream to the detector, a shorter one is a lost packet or jitter.
    private static var longestJitter: Duration { .milliseconds(200) }

    private var detector: Detector
    private var machine: VoiceActivityMachine
    private let hangover: Duration
    private var window = SampleWindow()
    private var rate = 0
    private var end: MediaTime?
    private var lastArrival = MediaTime.zero
    private var isWaiting = false
    private var hasComplained = false

    /// A stage that has heard nothing.
    init(_ detector: Detector, _ settings: VoiceActivityMachine.Settings) {
        self.detector = detector
        machine = VoiceActivityMachine(settings)
        hangover = settings.hangover
    }

    /// Takes a frame and passes it on, after the edges that it decides.
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let audio = frame.audio else { return context.emit(frame) }
        guard audio.format.encoding == .linear16, audio.format.channels == 1,
            let length = detector.windowLength(rate: audio.format.rateHz)
        else {
            complain(audio.format, &context)
            return context.emit(frame)
        }
        follow(frame, audio, &context)
        audio.withSamples { analyze($0, length, from: frame.mediaTime, &context) }
        end = frame.mediaTime + audio.duration
        watchForAbsence(&context)
        context.emit(frame)
    }

    /// Looks whether audio still comes.
    mutating func wake(_ context: inout ProcessorContext) {
        isWaiting = false
        guard machine.isSpeaking, let end else { return }
        if context.now - lastArrival >= Self.absence {
            announce(machine.cut(at: end), &context)
        } else {
            waitForAbsence(&context)
        }
    }

    /// Ends speech: nothing more comes.
    mutating func finish(_ context: inout ProcessorContext) {
        if let end { announce(machine.cut(at: end), &context) }
    }

    /// Begins anew where the stream does.
    private mutating func follow(_ frame: Frame, _ audio: Audio, _ context: inout ProcessorContext) {
        defer { rate = audio.format.rateHz }
        guard let end else { return }
        let gap = frame.mediaTime - end
        guard rate != audio.format.rateHz || gap > Self.longestJitter || gap < .zero - Self.longestJitter else {
            return
        }
        detector.reset()
        window.removeAll()
        if gap >= hangover { announce(machine.cut(at: end), &context) }
    }

    private mutating func analyze(
        _ samples: UnsafeBufferPointer<Int16>, _ length: Int, from start: MediaTime, _ context: inout ProcessorContext
    ) {
        let duration = Duration.samples(length, rate: rate)
        var position = 0
        while let taken = window.next(length, of: samples, from: &position, { detector.listen(to: $0, rate: rate) }) {
            let end = start + .samples(position, rate: rate)
            announce(machine.process(taken, from: end - duration, to: end), &context)
        }
    }

    /// Says once that audio passes unheard.
    private mutating func complain(_ format: AudioFormat, _ context: inout ProcessorContext) {
        guard !hasComplained else { return }
        hasComplained = true
        context.report(
            .error(
                PipelineError(
                    .badInput, "cannot listen to \(format); convert it to mono linear16 before this processor")))
    }

    private mutating func announce(_ edge: VoiceActivity?, _ context: inout ProcessorContext) {
        guard let edge else { return }
        if edge.edge == .speechStarted { context.noteActivity() }
        context.emit(edge)
    }

    private mutating func watchForAbsence(_ context: inout ProcessorContext) {
        guard machine.isSpeaking else { return }
        lastArrival = context.now
        if !isWaiting { waitForAbsence(&context) }
    }

    private mutating func waitForAbsence(_ context: inout ProcessorContext) {
        isWaiting = true
        context.wake(at: lastArrival + Self.absence)
    }
}
