// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Records a call as a stereo WAVE file: the first input, the caller, on the left, the second, the agent, on the right.
///
/// Put after the transport's source and its sink, `after: [caller, speaker]`, it has the agent's words as far as they
/// were really heard. Every sample lies where its media time says, counted from the beginning of the session: nothing
/// drifts and no wall clock is read. The file grows by the second on the worker pool, so that memory is bounded. When
/// it cannot be written the recording is lost, not the call: that is reported once.
public final class Recorder: Service {
    public static let name = "recorder"
    public static let summary = "Records the call as a stereo WAVE file, the caller left and the agent right."
    public static let queue = QueueSettings(capacity: 512, whenFull: .dropOldest)

    public struct Parameters: ProcessorParameters {
        public var path = FileReference("calls/${session.id}.wav")
        public var rateHz = 16_000

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("path", \.path, "File to write; '${session.id}' stands for the call's id."),
            .optional("rate_hz", \.rateHz, in: 8_000...48_000, "Sample rate of the file.")
        )
    }

    /// Audio that lies further ahead of the session's time than this has a wrong media time.
    private static let longestLead = Duration.seconds(2)

    private let parameters: Parameters
    private let tracks: [RecordingTrack]
    private var timeline: StereoTimeline
    private var file: WaveFile?
    private var hasFailed = false
    private var written = 0

    public init(_ parameters: Parameters) {
        self.parameters = parameters
        let format = AudioFormat(rateHz: parameters.rateHz)
        tracks = [RecordingTrack(format), RecordingTrack(format)]
        timeline = StereoTimeline(blockLength: parameters.rateHz, slack: parameters.rateHz * 5 / 2)
    }

    public static func pads(_ parameters: Parameters) -> Pads { Pads(reads: [.audio(.any)]) }

    nonisolated(nonsending) public func start(_ output: ServiceOutput) async throws {
        let (path, rateHz) = (Self.path(parameters.path.resolved, session: output.call?.id ?? ""), parameters.rateHz)
        do {
            file = try await output.offload { try WaveFile(creating: path, rateHz: rateHz, channels: 2) }
        } catch {
            fail(error, output)
        }
    }

    nonisolated(nonsending) public func process(_ frame: Frame, _ output: ServiceOutput) async throws {
        if let audio = frame.audio, file != nil, !hasFailed {
            place(audio, at: frame.mediaTime, input: output.input, output)
            await save(all: false, output)
        }
        try await output.emit(frame)
    }

    nonisolated(nonsending) public func finish(_ output: ServiceOutput) async throws {
        for (channel, track) in tracks.enumerated() {
            do {
                try track.flush { _ = timeline.place($0, at: $1, channel: channel) }
            } catch {
                fail(error, output)
            }
        }
        await save(all: true, output)
        await close { file, count in try await output.offload { try file.finish(count) } }
    }

    nonisolated(nonsending) public func stop() async {
        // Cancelled before its end: what was heard is kept, and the few blocks left are written here.
        while let file, let block = timeline.take(all: true) {
            do {
                try file.write(block.samples, after: block.position)
                written = block.position + block.sampleCount
            } catch {
                break
            }
        }
        await close { try $0.finish($1) }
    }

    private func place(_ audio: Audio, at time: MediaTime, input: Int, _ output: ServiceOutput) {
        guard tracks.indices.contains(input), time >= .zero, time - output.now < Self.longestLead else {
            return output.drop("media_time")
        }
        do {
            try tracks[input].take(audio, at: time) { samples, position in
                if !timeline.place(samples, at: position, channel: input) { output.drop("late") }
            }
        } catch OpusError.invalidPacket {
            output.drop("malformed")
        } catch {
            fail(error, output)
        }
    }

    nonisolated(nonsending) private func save(all: Bool, _ output: ServiceOutput) async {
        while !hasFailed, let file, let block = timeline.take(all: all) {
            do {
                try await output.offload { try file.write(block.samples, after: block.position) }
                written = block.position + block.sampleCount
            } catch {
                fail(error, output)
            }
        }
    }

    nonisolated(nonsending) private func close(
        _ finish: nonisolated(nonsending) (WaveFile, Int) async throws -> Void
    ) async {
        guard let file else { return }
        self.file = nil
        // A header that cannot be written is the loss that was reported already, or of a disk that is full.
        try? await finish(file, written)
    }

    private func fail(_ error: any Error, _ output: ServiceOutput) {
        guard !hasFailed else { return }
        hasFailed = true
        output.report(.error(PipelineError(.provider, "the call goes on without its recording", cause: error)))
    }

    /// The path of a session's file.
    ///
    /// What a far end chose as id cannot lead out of the directory.
    static func path(_ pattern: String, session id: String) -> String {
        let safe = id.map { $0.isLetter || $0.isNumber || "-_.@+".contains($0) ? $0 : "_" }
        let name = safe.allSatisfy { $0 == "." } ? "call" : String(safe.prefix(200))
        return pattern.replacing("${session.id}", with: name)
    }
}
