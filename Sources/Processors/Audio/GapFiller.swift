// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Makes a stream without holes: gaps in media time, and audio that stays away, become silence.
///
/// Silence is counted in samples, so that the stream neither drifts nor stretches. Where no frame comes in time,
/// silence takes its place as the clock goes on, so that detectors and recognisers behind do not wait for audio for
/// ever; what comes later for a place that was filled is dropped and counted. Opus packets and the audio of replies
/// pass as they are.
public struct GapFiller: Processor {
    public static let name = "gap_filler"
    public static let summary = "Fills gaps in the caller's audio, and the absence of audio, with silence."

    public struct Parameters: ProcessorParameters {
        public var patience = Duration.milliseconds(100)
        public var longestGap = Duration.seconds(2)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "patience", \.patience, in: .milliseconds(20) ... .seconds(2),
                "Time that a frame may be late before silence takes its place."),
            .optional(
                "longest_gap", \.longestGap, in: .zero ... .seconds(10),
                "Gap up to which media time is filled; after a longer one a new stream begins.")
        )
    }

    private static let piece = Duration.milliseconds(20)
    /// A rounded sample is no gap.
    private static let rounding = Duration.microseconds(200)

    private let parameters: Parameters
    private var format: AudioFormat?
    private var end = MediaTime.zero
    /// How far behind the clock the stream ran when its last frame came.
    private var delay = Duration.zero
    private var isWatching = false
    /// Whether silence stands in for frames that do not come.
    private var isAbsent = false

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(reads: [.audio(AudioConstraint(encodings: [.linear16, .mulaw, .alaw]))])
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard let audio = frame.audio, !frame.header.isReply, audio.format.encoding != .opus else {
            return context.emit(frame)
        }
        let gap = frame.mediaTime - end
        let overlap = Duration.zero - gap
        if format != audio.format || gap > parameters.longestGap || overlap > parameters.longestGap {
            take(frame, audio, &context)
        } else if gap > Self.rounding {
            fill(until: frame.mediaTime, &context)
            take(frame, audio, &context)
        } else if overlap > Self.rounding {
            takeRest(frame, audio, after: overlap, &context)
        } else {
            take(frame, audio, &context)
        }
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        isWatching = false
        guard format != nil, !context.isPeerGone else { return }
        isAbsent = isAbsent || context.now - end >= delay + parameters.patience
        if isAbsent {
            // One piece behind the clock, so that a frame that comes back in time finds its place free.
            let missing = (context.now - delay - Self.piece - end).nanoseconds / Self.piece.nanoseconds
            fill(until: end + Self.piece * Int(missing), &context)
        }
        watch(&context)
    }

    public mutating func finish(_ context: inout ProcessorContext) {
        context.cancelWake()
        format = nil
    }

    private mutating func take(_ frame: Frame, _ audio: Audio, _ context: inout ProcessorContext) {
        format = audio.format
        end = frame.mediaTime + audio.duration
        delay = max(.zero, context.now - end)
        isAbsent = false
        context.emit(frame)
        watch(&context)
    }

    /// Passes on what of a frame lies behind the silence that took its place.
    private mutating func takeRest(
        _ frame: Frame, _ audio: Audio, after overlap: Duration, _ context: inout ProcessorContext
    ) {
        let covered = overlap.sampleCount(rate: audio.format.rateHz)
        context.drop("late")
        guard covered < audio.sampleCount else { return }
        let rest = audio.slice(covered..<audio.sampleCount)
        isAbsent = false
        context.emit(rest, at: end)
        end += rest.duration
        watch(&context)
    }

    private mutating func fill(until time: MediaTime, _ context: inout ProcessorContext) {
        guard let format else { return }
        while end < time {
            let silence = Audio.silence(min(Self.piece, time - end), in: format)
            guard silence.sampleCount > 0 else { return }
            context.emit(Frame(audio: silence, at: end), causedBy: nil)
            end += silence.duration
        }
    }

    /// Looks again when the next frame is overdue; one wake-up at a time, whatever the rate of frames.
    private mutating func watch(_ context: inout ProcessorContext) {
        guard !isWatching else { return }
        isWatching = true
        let next = context.now + Self.piece
        context.wake(at: isAbsent ? next : max(end + delay + parameters.patience, next))
    }
}

extension Audio {
    /// Silence in any encoding of a fixed width.
    static func silence(_ duration: Duration, in format: AudioFormat) -> Audio {
        let count = duration.sampleCount(rate: format.rateHz)
        let code: UInt8 =
            switch format.encoding {
            case .mulaw: G711Law.ulaw.silence
            case .alaw: G711Law.alaw.silence
            case .linear16, .opus: 0
            }
        return Audio(format: format, sampleCount: count, byteCount: count * format.bytesPerSample) { bytes in
            for index in bytes.indices { bytes[index] = code }
        }
    }
}
