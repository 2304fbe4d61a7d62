// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import PipelineKit
import PipelineTesting
import WebSockets

/// A caller on a media stream: opens the socket as the carrier does, speaks in real time, and hears what comes back.
///
/// `@unchecked Sendable`: everything but the constants is touched on `loop` alone.
final class MediaStreamClient: WebSocketHandler, @unchecked Sendable {
    /// What a stream needs.
    struct Settings: Sendable {
        /// What names the stream.
        var identity: StreamIdentity
        /// What the caller does.
        var script: CallerScript
        /// The caller as the call has made it so far.
        var caller: CallerMachine
        /// Time from the answer of the call to the stream.
        var offset = Duration.zero
        /// The sound of it.
        var sound: SpokenScript
        /// What the network does.
        var faults = NetworkFaults()
        /// Whether both sides are recorded.
        var isRecording = true
    }

    private enum Incoming {
        case text([UInt8])
        case binary
    }

    /// Ticks of silence after which the agent counts as silent; pauses between words are shorter.
    private static let agentPause = 15

    let loop: any EventLoop
    private let settings: Settings
    private let outcome: EventLoopPromise<MediaStreamOutcome>
    private var machine: MediaStreamMachine
    private var caller: CallerMachine
    private var voice = CallerVoice()
    private var random: SeededGenerator
    private var outgoing: DelayedMessages<String>
    private var incoming: DelayedMessages<Incoming>
    private var socket: WebSocket?
    private var start = NIODeadline.now()
    private var end: MediaStreamOutcome.End?
    private var silentTicks = 0
    private var recording = LineRecording()
    private var said: [MediaStreamOutcome.Said] = []
    private var gaps = LatencyHistogram()
    /// When the caller's last loud sample left, until the answer comes.
    private var silentSince: Duration?
    private var trailingSilence = Duration.zero

    /// Creates a client that has not connected.
    init(_ settings: Settings, on loop: any EventLoop) {
        self.loop = loop
        self.settings = settings
        outcome = loop.makePromise()
        machine = MediaStreamMachine(settings.identity, startDelay: settings.faults.playbackDelay)
        caller = settings.caller
        random = SeededGenerator(seed: settings.faults.seed)
        outgoing = DelayedMessages(delay: settings.faults.delay, jitter: settings.faults.jitter)
        incoming = DelayedMessages(delay: settings.faults.delay, jitter: settings.faults.jitter)
    }

    /// Opens the stream and returns when it is over; cancelling the task stops it as the carrier does.
    ///
    /// - Throws: ``WebSocketError`` when the stream cannot be opened.
    func run(url: String, headers: HTTPHeaders) async throws -> MediaStreamOutcome {
        do {
            try await WebSocketClient.connect(url: url, headers: headers, on: loop) { _ in self }
        } catch {
            outcome.fail(error)
            throw error
        }
        return try await withTaskCancellationHandler {
            try await outcome.futureResult.get()
        } onCancel: {
            loop.execute { self.stop(.stopped) }
        }
    }

    /// Tells the caller what the agent has said, where somebody knows; any thread.
    func agentSaid(_ text: String) {
        loop.execute { self.caller.agentSaid(text) }
    }

    // MARK: Socket

    func opened(_ socket: WebSocket) {
        self.socket = socket
        start = .now()
        for message in machine.open() { send(message) }
        scheduleTick()
    }

    func received(text: ByteBuffer, _ socket: WebSocket) { receive(.text(Array(text.readableBytesView))) }
    func received(binary: ByteBuffer, _ socket: WebSocket) { receive(.binary) }

    func closed(_ code: WebSocketCloseCode?, reason: String) {
        finish(code == nil ? .lost(reason) : .agentClosed)
    }

    private var now: Duration { .nanoseconds((NIODeadline.now() - start).nanoseconds) }

    /// Time since the call was answered.
    private var callTime: Duration { settings.offset + machine.lineTime }

    private func receive(_ message: Incoming) {
        guard settings.faults.delay > .zero || settings.faults.jitter > .zero else { return take(message) }
        incoming.append(message, at: now, &random)
    }

    private func take(_ message: Incoming) {
        switch message {
        case .binary: machine.receiveBinary()
        case .text(let bytes):
            let first = machine.arrivals.messageCount
            for answer in machine.receive(bytes, at: now) { send(answer) }
            guard machine.arrivals.messageCount > first, let since = silentSince else { return }
            silentSince = nil
            gaps.add(now - since)
        }
    }

    private func send(_ message: String) {
        guard settings.faults.delay > .zero || settings.faults.jitter > .zero else {
            socket?.send(text: message)
            return
        }
        outgoing.append(message, at: now, &random)
    }

    // MARK: Line time

    private func scheduleTick() {
        let next = machine.lineTime + MediaStreamMachine.tickDuration
        loop.scheduleTask(deadline: start + .nanoseconds(next.nanoseconds)) { self.passTime() }
    }

    private func passTime() {
        while end == nil, machine.lineTime + MediaStreamMachine.tickDuration <= now { tick() }
        while let message = outgoing.next(by: now) { socket?.send(text: message) }
        while let message = incoming.next(by: now) { take(message) }
        if end == nil { scheduleTick() }
    }

    private func tick() {
        if let disconnectAt = settings.faults.disconnectAt, machine.lineTime >= disconnectAt { return breakLine() }
        act()
        guard end == nil else { return }
        let piece = voice.next()
        // A packet leaves when its last sample has been taken.
        if piece.hasBegun { machine.callerBegan(at: machine.lineTime + MediaStreamMachine.tickDuration) }
        var line: [UInt8] = []
        line.reserveCapacity(MediaStreamMachine.tickSamples)
        let isLost =
            settings.faults.lossRatio > 0 && Double.random(in: 0..<1, using: &random) < settings.faults.lossRatio
        let messages = machine.tick(
            callerAudio: isLost ? nil : piece.samples, keys: piece.key.map { [$0] } ?? [], into: &line)
        for message in messages { sendPerhapsTwice(message) }
        if piece.isLast { spoken(at: machine.lineTime) }
        hear(line)
        if settings.isRecording { recording.append(said: piece.samples, heard: line[...]) }
    }

    private func sendPerhapsTwice(_ message: String) {
        send(message)
        let ratio = settings.faults.duplicateRatio
        if ratio > 0, Double.random(in: 0..<1, using: &random) < ratio { send(message) }
    }

    private func hear(_ line: [UInt8]) {
        if MuLaw.isAudible(line) {
            silentTicks = 0
            caller.agentSpeaks(true, at: callTime)
        } else {
            silentTicks += 1
            guard silentTicks == Self.agentPause else { return }
            caller.agentSpeaks(false, at: callTime - MediaStreamMachine.tickDuration * Self.agentPause)
        }
    }

    // MARK: Caller

    private func act() {
        switch caller.action(at: callTime) {
        case .speak(let step): speak(step)
        case .press(let keys):
            voice.press(keys)
            said.append(.init(time: machine.lineTime, text: String(keys), isKeys: true))
        case .hangUp: stop(.callerHungUp)
        case nil: break
        }
    }

    private func speak(_ step: Int) {
        guard let sound = settings.sound.steps[step] else { return caller.finished(at: callTime) }
        voice.speak(sound)
        if let text = settings.script.steps[step].say { said.append(.init(time: machine.lineTime, text: text)) }
        trailingSilence = .samples(sound.samples.count, rate: 8000) - sound.end
    }

    private func spoken(at time: Duration) {
        caller.finished(at: callTime)
        machine.callerEnded()
        silentSince = time - trailingSilence
    }

    // MARK: End

    private func stop(_ end: MediaStreamOutcome.End) {
        guard self.end == nil else { return }
        self.end = end
        while let message = outgoing.next(by: .seconds(1 << 30)) { socket?.send(text: message) }
        socket?.send(text: machine.stop())
        socket?.close(.normal)
    }

    private func breakLine() {
        end = .lost("the network broke, as the script says")
        socket?.drop("the network broke, as the script says")
    }

    private func finish(_ end: MediaStreamOutcome.End) {
        socket = nil
        self.end = self.end ?? end
        // Nothing is heard any more, although the pause that ends the agent's words may not have passed.
        caller.agentSpeaks(false, at: callTime)
        outcome.succeed(
            MediaStreamOutcome(
                end: self.end ?? end, duration: machine.lineTime, warnings: machine.warnings, refused: machine.refused,
                arrivals: machine.arrivals, bargeIns: machine.bargeIns, gaps: gaps, said: said,
                recording: settings.isRecording ? recording : nil, caller: caller))
    }
}
