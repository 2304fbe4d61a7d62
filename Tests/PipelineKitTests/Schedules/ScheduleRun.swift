// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting

/// Runs a schedule and checks what must hold of every call.
final class ScheduleRun: SessionObserver, @unchecked Sendable {
    let schedule: Schedule
    private(set) var violations: [String] = []
    /// A digest of everything that happened, with its times.
    private(set) var digest = UInt64(14_695_981_039_346_656_037)

    private let recogniser = FrameLog()
    private let played = FrameLog()
    private let output = RecordingOutput()
    private var textsByMark: [Int16: String] = [:]
    private var started: [Int] = []
    private var ended: [Int: Int] = [:]
    private var lastEnded = 0
    private var requests: [Int: Int] = [:]
    private var responses: [Int: Int] = [:]
    /// Turns up to this one have been interrupted.
    private var staleThrough = 0
    private var isHungUp = false
    private var report: SessionReport?

    init(_ schedule: Schedule) { self.schedule = schedule }

    func run() throws {
        let checked = CheckedOutput(output) { [unowned self] audio, time in self.check(audio, at: time) }
        let loop = SessionLoop.virtual()
        let call = Call(
            id: "\(schedule.seed)", transport: "test", inputFormat: Schedule.format, outputFormat: Schedule.format,
            output: checked)
        let harness = try PipelineHarness(plan(), on: loop, call: call, observer: self)
        checked.follow(harness)
        harness.play(schedule.caller, for: schedule.duration)
        harness.onLoop { $0.end(.inputEnded) }
        while report == nil, harness.now < MediaTime.zero + schedule.duration + .seconds(30) {
            harness.advance(by: .milliseconds(100))
        }
        checkEnd(harness)
    }

    private func plan() -> CompiledPlan {
        let (schedule, recogniser, played) = (schedule, recogniser, played)
        var limits = SessionLimits()
        limits.drain = .seconds(25)
        var builder = PipelineBuilder("schedule", limits: limits)
        builder.add(Caller(NoParameters()))
        builder.add(FakeVoiceActivity(hangover: schedule.hangover))
        builder.add(TestTurns(NoParameters()))
        builder.add(
            FakeSpeechToText(says: ["words"], log: recogniser) { schedule.recognitionLatency(ofUtterance: $0) },
            queue: QueueSettings(capacity: 1000))
        builder.add(DelayedRelay(schedule.relayDelay), queue: QueueSettings(capacity: schedule.queues[0]))
        builder.add(TestContext(NoParameters()))
        builder.add(Scripted { [unowned self] frame, context in self.watch(frame, &context) }, id: "watch")
        builder.add(
            FakeLanguageModel { schedule.reply(to: $0.turn) }, queue: QueueSettings(capacity: schedule.queues[1]))
        builder.add(Scripted { frame, context in Self.makeSentences(frame, &context) }, id: "sentences")
        builder.add(FakeTextToSpeech(schedule.voice), queue: QueueSettings(capacity: schedule.queues[2]))
        builder.add(Scripted { [unowned self] frame, context in self.watchSpeech(frame, &context) }, id: "watch_speech")
        var speaker = SpeakerParameters()
        speaker.lead = schedule.lead
        let parameters = speaker
        builder.add(Speaker(parameters), queue: QueueSettings(capacity: schedule.queues[3]))
        builder.add(Tap(played))
        return builder.build()
    }

    // MARK: Watching

    private static func makeSentences(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let piece = frame[ModelText.self] else { return context.emit(frame) }
        context.emit(Frame(Sentence(piece.text), isUninterruptible: piece.text.hasPrefix("!")))
    }

    private func watch(_ frame: Frame, _ context: inout ProcessorContext) {
        if let request = frame[ModelRequest.self] { requests[request.turn.value, default: 0] += 1 }
        if let turn = frame[TurnStarted.self]?.turn.value { started.append(turn) }
        if let turn = frame[TurnEnded.self]?.turn.value { ended[turn, default: 0] += 1 }
        context.emit(frame)
    }

    private func watchSpeech(_ frame: Frame, _ context: inout ProcessorContext) {
        if let turn = frame[ResponseStarted.self]?.turn.value { responses[turn, default: 0] += 1 }
        if let words = frame[SpokenWords.self] {
            let mark = FakeTextToSpeech.mark(of: words.text)
            if let other = textsByMark.updateValue(words.text, forKey: mark), other != words.text {
                ambiguous.insert(mark)
            }
        }
        if context.isStale(frame) {
            violations.append("a stale \(frame.frameType) left the synthesiser at \(context.now)")
        }
        context.emit(frame)
    }

    /// Marks that two sentences happen to share; they are left out of account.
    private var ambiguous: Set<Int16> = []

    private func check(_ audio: Audio, at time: MediaTime) {
        let mark = audio.withSamples { $0.first ?? 0 }
        fold(UInt64(bitPattern: Int64(mark)), time)
        guard let text = textsByMark[mark], !ambiguous.contains(mark), !text.hasPrefix("!") else { return }
        if turn(of: text) <= staleThrough || isHungUp {
            violations.append("'\(text)' was written at \(time) although it is stale")
        }
    }

    private func turn(of text: String) -> Int {
        Int(text.split(separator: " ")[0].drop { !$0.isNumber }) ?? 0
    }

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        switch event {
        case .interruption(let interruption):
            staleThrough = max(staleThrough, lastEnded)
            if interruption.reason == "hung up" { isHungUp = true }
            fold(1, time)
        case .heardCaller(let turn, _, true): lastEnded = turn.value
        case .turnStarted(let turn): fold(2 + UInt64(turn.value) << 8, time)
        case .agentSpeaking(let isSpeaking): fold(isSpeaking ? 3 : 4, time)
        case .turn(let record): fold(5 + UInt64(bitPattern: record.gap.nanoseconds) << 8, time)
        case .error(let error): violations.append("error: \(error)")
        case .ended(let report):
            self.report = report
            fold(6, time)
        default: fold(7, time)
        }
    }

    private func fold(_ value: UInt64, _ time: MediaTime) {
        digest = (digest ^ value) &* 1_099_511_628_211
        digest = (digest ^ UInt64(bitPattern: time.nanoseconds)) &* 1_099_511_628_211
    }

    // MARK: The end

    private func checkEnd(_ harness: PipelineHarness) {
        guard let report else { return violations.append("the session did not end") }
        if !report.abandoned.isEmpty { violations.append("abandoned \(report.abandoned)") }
        let times = recogniser.frames.map(\.mediaTime.nanoseconds)
        for (index, time) in times.enumerated() where time != Int64(index) * 20_000_000 {
            return violations.append("caller audio \(index) is at \(time)")
        }
        let sent = Int(report.processors.first { $0.id == "caller" }?.framesIn ?? 0)
        let heard = times.count
        if let keys = report.processors.first(where: { $0.id == "fake_vad" }), keys.framesIn != sent {
            violations.append("frames were lost before the detector")
        }
        if heard != sent { violations.append("\(sent) frames of the caller came in, \(heard) were recognised") }
        if started != Array(1..<started.count + 1) { violations.append("turns started: \(started)") }
        for turn in started where ended[turn] != 1 { violations.append("turn \(turn) ended \(ended[turn] ?? 0) times") }
        checkReplies()
        checkHeard()
    }

    private func checkReplies() {
        for (turn, count) in requests where count != 1 { violations.append("turn \(turn) was asked \(count) times") }
        for (turn, count) in responses where count != 1 {
            violations.append("turn \(turn) was answered \(count) times")
        }
        guard !isHungUp else { return }
        for turn in requests.keys where turn > staleThrough {
            if responses[turn] != 1 { violations.append("turn \(turn) was not answered") }
            let expected = schedule.reply(to: TurnID(turn)).tokens
            let whole = spoken.filter { $0.isComplete && self.turn(of: $0.text) == turn }.map(\.text)
            if whole != expected { violations.append("of \(expected) was heard \(whole)") }
        }
    }

    private var spoken: [(text: String, heard: Duration, isComplete: Bool)] {
        played.frames.compactMap { frame in
            guard case .spoken(let words, let heard, let isComplete) = frame[Playback.self] else { return nil }
            return (words.text, heard, isComplete)
        }
    }

    /// What the speaker reports and passes on is what the far end heard, to the sample.
    private func checkHeard() {
        var reported: [Int16: Int] = [:]
        for sentence in spoken {
            reported[FakeTextToSpeech.mark(of: sentence.text), default: 0] += sentence.heard.sampleCount(rate: 1000)
        }
        var heard: [Int16: Int] = [:]
        for sample in output.heardSamples { heard[sample, default: 0] += 1 }
        var passedOn: [Int16: Int] = [:]
        for audio in played.frames.compactMap(\.audio) {
            audio.withSamples { for sample in $0 { passedOn[sample, default: 0] += 1 } }
        }
        if passedOn != heard { violations.append("passed on \(passedOn), heard \(heard)") }
        if reported != heard { violations.append("reported \(reported), heard \(heard)") }
    }
}

/// Checks what is written before it is recorded.
private final class CheckedOutput: CallOutput {
    private let output: RecordingOutput
    private let check: (Audio, MediaTime) -> Void

    init(_ output: RecordingOutput, _ check: @escaping (Audio, MediaTime) -> Void) {
        self.output = output
        self.check = check
    }

    func follow(_ harness: PipelineHarness) { output.follow { harness.now } }

    func write(_ audio: Audio, at time: MediaTime) {
        check(audio, time)
        output.write(audio, at: time)
    }

    func clear() { output.clear() }
    func send(_ frame: Frame) { output.send(frame) }
    func close(_ reason: EndReason) { output.close(reason) }
}
