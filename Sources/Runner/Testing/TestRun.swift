// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Providers

/// Runs one test of a pipeline on a virtual clock.
struct TestRun {
    /// What came of a test.
    struct Outcome: Sendable {
        var name: String
        /// Virtual time that the call took.
        var duration: Duration
        /// What was not as expected, each where the pipeline file asks for it.
        var failures: [Diagnostic]
        /// What was said.
        var conversation: [TestObservations.Utterance]
    }

    private static let quiet = Duration.seconds(2)

    let pipeline: Pipeline
    let located: PipelineTest.Located

    /// Runs the call and checks what came of it.
    func run() -> Outcome {
        let observations = TestObservations()
        do {
            let format = inputFormat
            let script = try TestScript(located.test.steps, format: format)
            try call(script, format, observations)
            return outcome(check(script, observations), observations)
        } catch let problem as TestScript.Problem {
            return outcome([failure("step \(problem.step + 1): \(problem.message)", at: located.mark)], observations)
        } catch {
            return outcome([failure("\(error)", at: located.mark)], observations)
        }
    }

    /// Linear and mono, at the rate of the pipeline's first transport that brings sound.
    private var inputFormat: AudioFormat {
        let rate = pipeline.transports.lazy.compactMap { $0.nominalFormats.input?.rateHz }.first
        return AudioFormat(rateHz: rate ?? AudioFormat.wideband.rateHz)
    }

    private func call(_ script: TestScript, _ format: AudioFormat, _ observations: TestObservations) throws {
        let output = pipeline.transports.lazy.compactMap(\.nominalFormats.output).first ?? .wideband
        let ids = Set(located.test.expect.filter { $0.frame != nil }.map(\.on))
        let plan = try pipeline.plan(for: CallFormats(input: format, output: output)).tapped(behind: ids) {
            observations.heard($2, behind: $0, at: $1)
        }
        let loop = SessionLoop.virtual()
        loop.lend(located.test.doubles.network, as: (any ProviderNetwork).self)
        let call = Call(id: "test", transport: "test", inputFormat: format, outputFormat: output)
        let limit = located.test.limit
        try loop.runToCompletion {
            let session = try await Session.start(plan, call: call, on: loop, observer: observations)
            let actor = TestCaller(script, format: format, quiet: Self.quiet, limit: limit)
            await session.every(.milliseconds(20)) { actor.beat($0) }
            _ = await session.ended()
        }
    }

    private func check(_ script: TestScript, _ observations: TestObservations) -> [Diagnostic] {
        var failures = zip(located.test.expect, located.expectationMarks).compactMap { expectation, mark in
            ExpectationCheck(expectation: expectation, lastStart: script.lastStart).failure(observations)
                .map { failure($0, at: mark) }
        }
        // What the pipeline got over by itself, such as a model that is missing, is for expectations to judge.
        let expectsErrors = located.test.expect.contains { $0.event == .error }
        let grave = observations.errors.filter { $0.category == .bug } + observations.fatalErrors
        if !expectsErrors { failures += grave.map { failure("failed: \($0)", at: located.mark) } }
        return failures
    }

    private func failure(_ message: String, at mark: SourceMark) -> Diagnostic {
        Diagnostic(.error, message, at: mark, path: located.test.name)
    }

    private func outcome(_ failures: [Diagnostic], _ observations: TestObservations) -> Outcome {
        Outcome(
            name: located.test.name, duration: observations.lastTime - .zero, failures: failures,
            conversation: observations.utterances)
    }
}

/// Acts out a script on a session's clock, and ends the call when nobody has anything more to say.
///
/// `@unchecked Sendable`: touched on the session's loop alone.
private final class TestCaller: @unchecked Sendable {
    private let script: TestScript
    private let format: AudioFormat
    private let quiet: Duration
    private let limit: Duration
    private var nextAction = 0
    private var framesSent = 0
    private var quietSince: MediaTime?

    init(_ script: TestScript, format: AudioFormat, quiet: Duration, limit: Duration) {
        self.script = script
        self.format = format
        self.quiet = quiet
        self.limit = limit
    }

    /// Sends the 20 ms that have just passed.
    func beat(_ session: isolated Session) -> Bool {
        let start = Duration.milliseconds(20) * framesSent
        framesSent += 1
        while nextAction < script.actions.count, script.actions[nextAction].time <= start {
            act(script.actions[nextAction].action, session)
            nextAction += 1
        }
        // Before the next frame, which a service's queue holds for a moment.
        if start > script.end, isOver(session) || start > limit {
            session.end(.inputEnded)
            return false
        }
        session.push(Frame(audio: script.audio(at: start, format: format), at: .zero + start))
        return true
    }

    private func act(_ action: TestScript.Action, _ session: isolated Session) {
        switch action {
        case .sound: break
        case .words(let words): session.push(Frame(Transcript(words, isUtteranceEnd: true), at: session.now))
        case .key(let key): session.push(Frame(key, at: session.now))
        case .hangUp: session.end(.hungUp)
        }
    }

    private func isOver(_ session: isolated Session) -> Bool {
        guard session.isQuiet else {
            quietSince = nil
            return false
        }
        let since = quietSince ?? session.now
        quietSince = since
        return session.now - since >= quiet
    }
}
