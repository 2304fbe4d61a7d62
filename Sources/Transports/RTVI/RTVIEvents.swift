// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Says what happens in a session in RTVI's words, in the order in which its clients expect them.
///
/// Knows no socket and no clock.
struct RTVIEvents {
    /// Whether the client speaks version 1 of the protocol.
    var isLegacy = false
    /// Whether the client is told which functions are called, with what, and what came of it.
    var tellsFunctions = false
    private(set) var isAgentSpeaking = false
    private var isTurnOpen = false
    private var isInResponse = false
    private var isSynthesizing = false
    private var hasModelText = false
    private var segments = RTVISegments()
    private var typed: [(text: String, request: String)] = []

    /// Typed words whose way through the pipeline is followed.
    private static let mostTyped = 8

    /// The client has sent words; they come back as the user's.
    mutating func type(_ text: String, request: String) {
        typed.append((text, request))
        if typed.count > Self.mostTyped { typed.removeFirst() }
    }

    /// What a frame that reached the transport tells.
    mutating func notices(of frame: Frame) -> [RTVINotice] {
        if frame[TurnEnded.self] != nil { return endTurn() }
        if frame[ResponseStarted.self] != nil {
            let ends = endResponse()
            (isInResponse, hasModelText) = (true, false)
            return ends + [RTVINotice("bot-llm-started")]
        }
        if frame[ResponseEnded.self] != nil { return endResponse() }
        if let text = frame[ModelText.self] {
            hasModelText = true
            return [.text("bot-llm-text", text.text)]
        }
        if let words = frame[SpokenWords.self] { return speak(words.text) }
        return []
    }

    private mutating func speak(_ text: String) -> [RTVINotice] {
        let segment = segments.add(text)
        var notices: [RTVINotice] = hasModelText ? [] : [.text("bot-llm-text", text + " ")]
        notices.append(.output(segment, isLegacy: isLegacy))
        if !isSynthesizing { notices.append(RTVINotice("bot-tts-started")) }
        isSynthesizing = true
        return notices + [.text("bot-tts-text", text)]
    }

    private mutating func endTurn() -> [RTVINotice] {
        defer { isTurnOpen = false }
        return isTurnOpen ? [RTVINotice("user-stopped-speaking")] : []
    }

    private mutating func endResponse() -> [RTVINotice] {
        defer { (isInResponse, isSynthesizing) = (false, false) }
        return (isInResponse ? [RTVINotice("bot-llm-stopped")] : [])
            + (isSynthesizing ? [RTVINotice("bot-tts-stopped")] : [])
    }

    /// What an event of the session tells; `timestamp` is when it happened (ISO 8601).
    mutating func notices(of event: SessionEvent, timestamp: String) -> [RTVINotice] {
        switch event {
        case .turnStarted:
            let ends = endTurn()
            isTurnOpen = true
            return ends + [RTVINotice("user-started-speaking")]
        case .heardCaller(_, let text, let isFinal): return heard(text, isFinal, timestamp)
        case .callerSpeaking(let isSpeaking):
            return [RTVINotice(isSpeaking ? "vad-user-started-speaking" : "vad-user-stopped-speaking")]
        case .agentSpeaking(let isSpeaking):
            isAgentSpeaking = isSpeaking
            return [RTVINotice(isSpeaking ? "bot-started-speaking" : "bot-stopped-speaking")]
        case .interruption: return (isLegacy ? [] : [RTVINotice("bot-interrupted")]) + endResponse()
        case .spoke(_, let heard, let planned, _): return spoke(heard, planned)
        case .turn(let record): return [.metrics(record)]
        case .error(let error): return [.error(error.publicMessage, isFatal: false)]
        case .toolStarted(let call): return isLegacy ? [] : RTVINotice.started(call, isTold: tellsFunctions)
        case .toolEnded(let result, _): return isLegacy ? [] : [.stopped(result, isTold: tellsFunctions)]
        case .started, .metric, .ended: return []
        }
    }

    private mutating func heard(_ text: String, _ isFinal: Bool, _ timestamp: String) -> [RTVINotice] {
        guard !text.isEmpty else { return [] }
        let request = isFinal ? takeTyped(text) : nil
        var notices = [RTVINotice.transcription(text, isFinal: isFinal, timestamp: timestamp)]
        if !isLegacy {
            notices.insert(.input(text, isFinal: isFinal, timestamp: timestamp, typed: request), at: 0)
        }
        return isFinal ? notices + endTurn() + [.text("user-llm-text", text)] : notices
    }

    private mutating func takeTyped(_ text: String) -> String? {
        guard let index = typed.firstIndex(where: { $0.text == text }) else { return nil }
        return typed.remove(at: index).request
    }

    private mutating func spoke(_ heard: String, _ planned: String) -> [RTVINotice] {
        let transcription: [RTVINotice] = heard.isEmpty ? [] : [.text("bot-transcription", heard)]
        let ends = segments.finish(planned: planned, heard: heard)
        return transcription + (isLegacy ? [] : ends.map { .outputEnd($0.segment, heard: $0.heard) })
    }
}
