// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Brings one call: a recording is the caller, and the agent's voice goes to a file, if it goes anywhere.
///
/// On a real loop the recording is paced like a live caller; on a virtual loop the call takes as long as its computing.
public struct FileTransport: Transport {
    public static let name = "file"
    public static let summary = "Takes a recording as the caller, and writes the agent's voice to a file."

    /// What a pipeline file may set; the runner's `--input` and `--output` come before it.
    public struct Parameters: ProcessorParameters {
        /// The caller.
        public var input: FileReference?
        /// Where the agent's voice goes.
        public var output: FileReference?
        /// Rate of the agent's voice.
        public var outputRateHz = 16000
        /// How long the conversation must have been quiet after the recording for the call to end.
        public var tail = Duration.seconds(2)
        /// How long the call may last after the recording at most.
        public var longestTail = Duration.seconds(30)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "input", \.input, "Recording of the caller: WAV, FLAC or OGG, any rate; channels are mixed to one."),
            .optional("output", \.output, "File for what the far end hears, ending in .wav or .flac."),
            .optional("output_rate_hz", \.outputRateHz, in: 8000...48000, "Sample rate of the agent's voice."),
            .optional(
                "tail", \.tail, in: .zero ... .seconds(60),
                "Time for which neither side says anything after the recording before the call ends."),
            .optional(
                "longest_tail", \.longestTail, in: .zero ... .seconds(3600),
                "Time after the recording after which the call ends even if the agent has not fallen silent.")
        )

        /// Creates the defaults.
        public init() {}
    }

    /// A call needs a recording.
    public struct NoInput: Error, Equatable, CustomStringConvertible {
        public var description: String { "the file transport has no recording to play; give one with --input FILE" }
    }

    private let parameters: Parameters

    public init(_ parameters: Parameters) { self.parameters = parameters }

    /// Whether there is a recording to play.
    public var hasInput: Bool { parameters.input != nil }

    /// The same transport with another recording, and another file for the agent's voice where one is given.
    public func playing(_ input: FileReference, output: FileReference?) -> FileTransport {
        var parameters = parameters
        parameters.input = input
        parameters.output = output ?? parameters.output
        return FileTransport(parameters)
    }

    private var outputFormat: AudioFormat { AudioFormat(rateHz: parameters.outputRateHz) }

    public var nominalFormats: CallFormats {
        let input = parameters.input.flatMap { try? SoundFileReader($0.resolved).format }
        return CallFormats(input: input ?? .wideband, output: outputFormat)
    }

    /// Plays the recording into one session and returns when that has ended.
    ///
    /// - Throws: ``NoInput``, ``SoundFileError``, and what `host` throws.
    public func run(_ host: any CallHost) async throws {
        guard let path = parameters.input?.resolved else { throw NoInput() }
        let input = try FileInput(SoundFileReader(path), parameters)
        let output = try parameters.output.map { try FileOutput($0.resolved, format: outputFormat) }
        let session = try await host.accept(call(path, input.format, output))
        // Not a child task: the file is completed also when the transport is cancelled.
        let recording = output.map { output in
            Task(executorPreference: session.loop) { try await output.record(session) }
        }
        await input.start(session)
        _ = await session.ended()
        try await recording?.value
        if let failure = input.failure { throw failure }
    }

    private func call(_ path: String, _ format: AudioFormat, _ output: FileOutput?) -> Call {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.split(separator: ".").first.map(String.init) ?? file
        let number = String(UInt32.random(in: 0...0xFF_FFFF) | 0x100_0000, radix: 16).dropFirst()
        return Call(
            id: "\(stem)-\(number)", transport: Self.name, inputFormat: format, outputFormat: outputFormat,
            attributes: ["input": path], output: output ?? DiscardingOutput())
    }
}
