// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Processors

/// Piper as a program that stays: a line in, raw samples out.
///
/// One process speaks sentence after sentence. Nothing marks the end of one but silence on the pipe; so a process whose
/// sentence was broken off is killed, and a spare one, which has its voice loaded, takes its place.
final class PiperProgram: SpeechProvider {
    let client: ProviderClient
    let format: AudioFormat
    let longestText = 400
    private let parameters: PiperTTS.Parameters
    private var current: StandingChild?
    private var spare: StandingChild?

    init(_ parameters: PiperTTS.Parameters) {
        self.parameters = parameters
        client = ProviderClient(
            "piper_tts",
            ProviderParameters(baseURL: "process:\(parameters.program)", timeouts: parameters.provider.timeouts))
        format = AudioFormat(rateHz: parameters.rateHz)
    }

    var identity: String { "piper \(parameters.program) \(Self.arguments(parameters).joined(separator: " "))" }

    nonisolated(nonsending) func open(_ output: ServiceOutput) async throws {
        if current == nil { current = try await takeSpare(output) }
        if spare == nil { spare = try await start(output) }
    }

    nonisolated(nonsending) func speak(_ text: String, _ output: ServiceOutput) async throws -> any SpeechAnswer {
        try await open(output)
        guard let current else { throw ProviderError(.transient, "piper is not running") }
        current.tell(text.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n")
        return PiperAnswer(current, quiet: parameters.quiet, firstByte: parameters.provider.timeouts.firstByte) {
            [weak self] in self?.current = nil
        }
    }

    nonisolated(nonsending) func close() async {
        current?.kill()
        spare?.kill()
        (current, spare) = (nil, nil)
    }

    /// What the program is told when it starts.
    static func arguments(_ parameters: PiperTTS.Parameters) -> [String] {
        var arguments = ["--model", parameters.voice ?? "", "--output-raw"]
        if let speaker = parameters.speaker { arguments += ["--speaker", String(speaker)] }
        if let stretch = parameters.stretch { arguments += ["--length-scale", JSONValue.number(stretch).description] }
        return arguments
    }

    nonisolated(nonsending) private func takeSpare(_ output: ServiceOutput) async throws -> StandingChild {
        defer { spare = nil }
        if let spare { return spare }
        return try await start(output)
    }

    nonisolated(nonsending) private func start(_ output: ServiceOutput) async throws -> StandingChild {
        let (program, arguments) = (parameters.program, Self.arguments(parameters))
        do {
            return try await output.offload { try StandingChild(program: program, arguments: arguments) }
        } catch let error as WorkerPool.Error {
            throw ProviderError(.capacity, "\(error)")
        } catch {
            throw ProviderError(.permanent, "\(error)")
        }
    }
}

/// One sentence of a ``PiperProgram``.
final class PiperAnswer: SpeechAnswer {
    private let child: StandingChild
    private let quiet: Duration
    private let firstByte: Duration
    private let abandon: () -> Void
    private var hasBegun = false
    private var isComplete = false

    /// Begins to read what a process answers.
    ///
    /// - Parameter abandon: Is called when the process cannot be used for another sentence.
    init(_ child: StandingChild, quiet: Duration, firstByte: Duration, abandon: @escaping () -> Void) {
        self.child = child
        self.quiet = quiet
        self.firstByte = firstByte
        self.abandon = abandon
    }

    nonisolated(nonsending) func next(_ output: ServiceOutput) async throws -> SpeechPart? {
        guard !isComplete else { return nil }
        let (child, limit) = (child, hasBegun ? quiet : firstByte)
        let reading = try await withTaskCancellationHandler {
            try await output.offload { child.read(waitingAtMost: limit) }
        } onCancel: {
            child.kill()
        }
        try Task.checkCancellation()
        switch reading {
        case .output(let bytes):
            hasBegun = true
            return .audio(ByteBuffer(bytes: bytes))
        case .silence where hasBegun:
            isComplete = true
            return nil
        case .silence:
            throw ProviderError.late("no speech came", within: firstByte, "first_byte_timeout")
        case .end(let message):
            throw ProviderError(.transient, "the program ended\(message.isEmpty ? "" : ": \(message.prefix(200))")")
        }
    }

    func giveUp() {
        guard !isComplete else { return }
        isComplete = true
        child.kill()
        abandon()
    }
}
