// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Synchronization

/// What happened in a test's call, by name and time.
final class TestObservations: SessionObserver {
    /// Words that one side said.
    struct Utterance: Sendable {
        var time: MediaTime
        var speaker: TestExpectation.Speaker
        var words: String
    }

    private struct State {
        var events: [TestExpectation.EventName: [MediaTime]] = [:]
        var frames: [String: [MediaTime]] = [:]
        var utterances: [Utterance] = []
        var errors: [PipelineError] = []
        var fatalErrors: [PipelineError] = []
        var lastTime = MediaTime.zero
    }

    private let state = Mutex(State())

    func session(_ call: Call, at time: MediaTime, _ event: SessionEvent) {
        state.withLock { state in
            state.lastTime = time
            if let name = Self.name(of: event) { state.events[name, default: []].append(time) }
            switch event {
            case .heardCaller(_, let text, isFinal: true) where !text.isEmpty:
                state.utterances.append(Utterance(time: time, speaker: .caller, words: text))
            case .spoke(_, let heard, _, _) where !heard.isEmpty:
                state.utterances.append(Utterance(time: time, speaker: .agent, words: heard))
            case .error(let error): state.errors.append(error)
            case .ended(let report):
                if case .failed(let error) = report.reason { state.fatalErrors.append(error) }
            default: break
            }
        }
    }

    /// Takes note of a frame that left a processor.
    func heard(_ frame: Frame, behind id: String, at time: MediaTime) {
        state.withLock { $0.frames["\(frame.frameType)@\(id)", default: []].append(time) }
    }

    /// When an event happened.
    func times(of event: TestExpectation.EventName) -> [MediaTime] { state.withLock { $0.events[event] ?? [] } }
    /// When frames of a type left a processor.
    func times(of frameType: String, on id: String) -> [MediaTime] {
        state.withLock { $0.frames["\(frameType)@\(id)"] ?? [] }
    }
    /// What was said.
    var utterances: [Utterance] { state.withLock { $0.utterances } }
    /// What failed.
    var errors: [PipelineError] { state.withLock { $0.errors } }
    /// What ended the session.
    var fatalErrors: [PipelineError] { state.withLock { $0.fatalErrors } }
    /// When the last thing happened.
    var lastTime: MediaTime { state.withLock { $0.lastTime } }

    private static func name(of event: SessionEvent) -> TestExpectation.EventName? {
        switch event {
        case .turnStarted: .turnStarted
        case .turn: .turnAnswered
        case .interruption: .interruption
        case .error: .error
        case .agentSpeaking(let isSpeaking): isSpeaking ? .agentSpeaking : .agentSilent
        case .callerSpeaking(let isSpeaking): isSpeaking ? .callerSpeaking : .callerSilent
        case .ended(let report):
            // The end of the script is no end of the call's own.
            report.reason.name == "input_ended" ? nil : .ended
        case .started, .heardCaller, .spoke, .toolStarted, .toolEnded, .metric: nil
        }
    }
}
