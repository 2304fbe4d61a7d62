// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Transports

/// The carrier's side of a media stream, without a socket and without a clock.
///
/// One ``tick(callerAudio:keys:)`` is 20 ms of line time: it takes what the caller says and gives what the caller hears.
/// Messages to the agent come out in order; a mark is answered when the audio before it has been heard, or forgotten.
struct MediaStreamMachine {
    /// Samples of a tick.
    static let tickSamples = 160
    /// The time of a tick.
    static let tickDuration = Duration.milliseconds(20)
    private static let warningLimit = 100

    private let identity: StreamIdentity
    private var queue: PlaybackQueue
    private var sequence = 0
    private var chunk = 0
    /// Ticks so far.
    private(set) var tickCount = 0
    /// What an agent did wrong, each code once as in the carrier's console.
    private(set) var warnings: [CarrierWarning] = []
    /// Every message that was not accepted, however often its code occurred; bounded.
    private(set) var refused: [CarrierWarning] = []
    /// When audio arrived.
    private(set) var arrivals = ArrivalStatistics()
    /// Barge-ins, in order.
    private(set) var bargeIns: [BargeIn] = []
    /// Marks that were answered because the agent cleared them, not because they were heard.
    private(set) var clearedMarkCount = 0

    /// Creates a stream.
    ///
    /// - Parameter startDelay: How long the first audio of an empty queue waits before it is played.
    init(_ identity: StreamIdentity, startDelay: Duration = .zero) {
        self.identity = identity
        queue = PlaybackQueue(startDelay: startDelay.sampleCount(rate: 8000))
    }

    /// Line time: how much has been played.
    var lineTime: Duration { Self.tickDuration * tickCount }

    /// Whether audio of the agent waits to be heard.
    var isPlaying: Bool { !queue.isEmpty }

    // MARK: To the agent

    /// The messages that begin a stream.
    mutating func open() -> [String] {
        let parameters = JSONValue.object(identity.parameters.map { .init($0.name, .string($0.value)) })
        let start: JSONValue = [
            "accountSid": .string(identity.accountSid), "streamSid": .string(identity.streamSid),
            "callSid": .string(identity.callSid), "tracks": ["inbound"],
            "mediaFormat": ["encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1],
            "customParameters": parameters,
        ]
        let connected: JSONValue = ["event": "connected", "protocol": "Call", "version": "1.0.0"]
        return [connected.description, message("start", "start", start)]
    }

    /// Passes 20 ms: says what the caller says, and hears what is to be heard.
    ///
    /// - Parameters:
    ///   - callerAudio: µ-law samples of the tick; `nil` when the network lost them.
    ///   - keys: Keys that the caller pressed.
    ///   - line: Receives what the caller hears.
    /// - Returns: The messages to the agent.
    mutating func tick(callerAudio: [UInt8]?, keys: [Character] = [], into line: inout [UInt8]) -> [String] {
        var messages: [String] = []
        chunk += 1
        if let callerAudio { messages.append(media(callerAudio)) }
        for key in keys {
            messages.append(message("dtmf", "dtmf", ["track": "inbound_track", "digit": .string(String(key))]))
        }
        tickCount += 1
        for mark in queue.play(Self.tickSamples, into: &line) { messages.append(markMessage(mark)) }
        return messages
    }

    /// The message that ends a stream.
    mutating func stop() -> String {
        message(
            "stop", "stop",
            [
                "accountSid": .string(identity.accountSid), "callSid": .string(identity.callSid),
            ])
    }

    private mutating func media(_ audio: [UInt8]) -> String {
        sequence += 1
        // Written by hand: it is the one message that comes fifty times a second.
        let timestamp = tickCount * 20
        return
            "{\"event\":\"media\",\"sequenceNumber\":\"\(sequence)\",\"media\":{\"track\":\"inbound\",\"chunk\":\"\(chunk)\","
            + "\"timestamp\":\"\(timestamp)\",\"payload\":\"\(Base64.encode(audio))\"},"
            + "\"streamSid\":\"\(identity.streamSid)\"}"
    }

    private mutating func markMessage(_ name: String) -> String { message("mark", "mark", ["name": .string(name)]) }

    private mutating func message(_ event: String, _ key: String, _ value: JSONValue) -> String {
        sequence += 1
        let message: JSONValue = ["event": .string(event), "sequenceNumber": .string(String(sequence))]
        return message.appending(.object([.init(key, value), .init("streamSid", .string(identity.streamSid))]))
            .description
    }

    // MARK: From the agent

    /// Takes a text message of the agent.
    ///
    /// - Parameter time: When it arrived, in line time.
    /// - Returns: The messages that answer it.
    mutating func receive(_ bytes: some Collection<UInt8>, at time: Duration) -> [String] {
        do {
            switch try MediaStreamCommand(parsing: bytes, streamSid: identity.streamSid) {
            case .media(let payload):
                play(payload, at: time)
                return []
            case .mark(let name): return queue.append(mark: name) ? [markMessage(name)] : []
            case .clear:
                let marks = queue.clear()
                clearedMarkCount += marks.count
                arrivals.cleared()
                noteBargeIn { if $0.clearedAt == nil { $0.clearedAt = time } }
                return marks.map { markMessage($0) }
            }
        } catch {
            refuse(error)
            return []
        }
    }

    /// Takes a binary message, which is always wrong.
    mutating func receiveBinary() { refuse(CarrierWarning(31950, "a binary message cannot be decoded")) }

    private mutating func play(_ payload: [UInt8], at time: Duration) {
        arrivals.add(sampleCount: payload.count, at: time, isQueueEmpty: queue.isEmpty)
        noteBargeIn { $0.lastAudioAt = time }
        if !queue.append(payload) {
            refuse(CarrierWarning(31931, "more than ten minutes of audio wait; the rest is discarded"))
        }
    }

    private mutating func refuse(_ warning: CarrierWarning) {
        if refused.count < Self.warningLimit { refused.append(warning) }
        if !warnings.contains(where: { $0.code == warning.code }) { warnings.append(warning) }
    }

    // MARK: Barge-in

    private var isBargingIn = false

    /// The caller begins to be loud, now; counts as a barge-in while the agent can be heard.
    mutating func callerBegan(at time: Duration) {
        guard isPlaying, !isBargingIn, bargeIns.count < 1000 else { return }
        isBargingIn = true
        bargeIns.append(BargeIn(spokeAt: time))
    }

    /// The caller is quiet again: whatever arrives from now on belongs to another reply.
    mutating func callerEnded() { isBargingIn = false }

    private mutating func noteBargeIn(_ change: (inout BargeIn) -> Void) {
        guard isBargingIn, !bargeIns.isEmpty else { return }
        change(&bargeIns[bargeIns.count - 1])
    }
}
