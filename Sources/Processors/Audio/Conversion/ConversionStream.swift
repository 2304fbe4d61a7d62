// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// The format that a conversion makes of another: what is `nil` stays as it is.
struct ConversionTarget {
    /// Samples per second.
    var rateHz: Int?
    /// Interleaved channels.
    var channels: Int?
    /// The form of the samples.
    var encoding: AudioFormat.Encoding?

    /// The format that audio of `source` becomes.
    func format(for source: AudioFormat) -> AudioFormat {
        AudioFormat(
            rateHz: rateHz ?? source.rateHz, channels: channels ?? source.channels,
            encoding: encoding ?? source.encoding)
    }
}

/// Converts the audio among the frames of a pipeline; the working part of every converting processor.
///
/// The first audio keeps its media time exactly, and each later one lies where its samples are, so that nothing drifts.
/// What a filter holds is given before the audio of another format, before a gap, before the next control frame of a
/// reply and at the end; it is forgotten when an interruption has ended the reply that it belongs to.
struct ConversionStream {
    /// Jitter of media time that is followed without a break in the filter.
    private static let tolerance = Duration.milliseconds(40)
    /// A shorter gap is no lost packet.
    private static let shortestLoss = Duration.milliseconds(5)

    private let target: ConversionTarget
    private let settings: AudioConversion.Settings
    private let longestLoss: Duration
    private var conversion: AudioConversion?
    private var last: FrameHeader?
    private var end = MediaTime.zero

    /// Creates a stream that has seen no frame.
    ///
    /// - Parameter longestLoss: Gap up to which lost Opus packets are made up for; a longer one stays a gap.
    init(
        _ target: ConversionTarget, _ settings: AudioConversion.Settings = .init(),
        longestLoss: Duration = .milliseconds(500)
    ) {
        self.target = target
        self.settings = settings
        self.longestLoss = longestLoss
    }

    /// Takes a frame and emits what it becomes.
    ///
    /// - Throws: ``OpusError`` or ``ResamplerError`` for a format that cannot be converted.
    mutating func process(_ frame: Frame, _ context: inout ProcessorContext) throws {
        guard let audio = frame.audio else {
            if frame.header.isReply { try flush(&context) }
            return context.emit(frame)
        }
        if conversion?.source != audio.format {
            try flush(&context)
            conversion = nil
            let format = target.format(for: audio.format)
            if format == audio.format { return context.emit(frame) }
            conversion = try AudioConversion(from: audio.format, to: format, settings)
        }
        guard let conversion else { return }
        do {
            try closeGap(before: frame, audio, conversion, &context)
            let base = frame.mediaTime - conversion.inputDuration
            try conversion.convert(audio) { context.emit($0, at: base + $1) }
            end = frame.mediaTime + audio.duration
            last = frame.header
        } catch OpusError.invalidPacket {
            // The next packet finds a gap here, and fills it.
            context.drop("malformed")
        }
    }

    private mutating func closeGap(
        before frame: Frame, _ audio: Audio, _ conversion: AudioConversion, _ context: inout ProcessorContext
    ) throws {
        // Audio of a reply comes faster than it is heard: its media time says little before the speaker.
        guard last != nil, !frame.header.isReply else { return }
        let gap = frame.mediaTime - end
        if audio.format.encoding == .opus, gap >= Self.shortestLoss, gap <= longestLoss {
            let base = end - conversion.inputDuration
            try conversion.conceal(gap, before: audio) { context.emit($0, at: base + $1) }
            end = frame.mediaTime
        } else if gap > Self.tolerance || gap < .zero - Self.tolerance {
            try flush(&context)
        }
    }

    /// Emits what is held.
    mutating func flush(_ context: inout ProcessorContext) throws {
        guard let conversion, let last else { return }
        self.last = nil
        let base = end - conversion.inputDuration
        try conversion.flush { context.emit(Frame(audio: $0, at: base + $1), causedBy: last) }
    }

    /// Forgets what is held of a reply that is over.
    mutating func interrupted(_ context: inout ProcessorContext) {
        guard let last, context.isStale(last) else { return }
        conversion?.reset()
        self.last = nil
    }
}
