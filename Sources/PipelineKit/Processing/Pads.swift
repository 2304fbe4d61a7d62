// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a processor takes from the frames that flow past it and what it adds to them.
///
/// Frames that a processor neither consumes nor reads pass it unchanged. From the pads of all processors the graph is
/// checked before anything runs, and a converter is put where only a sample rate or an encoding differs.
public struct Pads: Sendable {
    /// Frame types that are taken out of the flow.
    public var consumes: [FrameRequirement]
    /// Frame types that are looked at and passed on.
    public var reads: [FrameRequirement]
    /// Frame types that are added.
    public var produces: [FrameOffer]

    /// Creates pads; the default is a filter that takes anything and adds nothing.
    public init(
        consumes: [FrameRequirement] = [], reads: [FrameRequirement] = [], produces: [FrameOffer] = []
    ) {
        self.consumes = consumes
        self.reads = reads
        self.produces = produces
    }

    /// The pads of a filter that passes everything.
    public static let passing = Pads()
}

/// A frame type that a processor works on.
public struct FrameRequirement: Sendable, Equatable {
    /// The type's name.
    public let frameType: String
    /// The formats that the processor understands, where the type is audio.
    public let audio: AudioConstraint?
    /// Whether a pipeline in which nothing makes such frames is wrong.
    public let isRequired: Bool

    /// Asks for frames of a type.
    public static func frames<Payload: FramePayload>(_ type: Payload.Type, required: Bool = true) -> FrameRequirement {
        FrameRequirement(frameType: Payload.frameType, audio: nil, isRequired: required)
    }

    /// Asks for frames of a type that is known by its name only; of audio in any format.
    public static func frames(named frameType: String, required: Bool = true) -> FrameRequirement {
        let audio = frameType == Audio.frameType ? AudioConstraint.any : nil
        return FrameRequirement(frameType: frameType, audio: audio, isRequired: required)
    }

    /// Asks for audio in one of certain formats.
    public static func audio(_ constraint: AudioConstraint = .linear, required: Bool = true) -> FrameRequirement {
        FrameRequirement(frameType: Audio.frameType, audio: constraint, isRequired: required)
    }
}

/// A frame type that a processor makes.
public struct FrameOffer: Sendable, Equatable {
    /// The type's name.
    public let frameType: String
    /// The format, where the type is audio; `nil` for audio in the format that came in.
    public let audio: AudioFormat?

    /// Offers frames of a type.
    public static func frames<Payload: FramePayload>(_ type: Payload.Type) -> FrameOffer {
        FrameOffer(frameType: Payload.frameType, audio: nil)
    }

    /// Offers audio in the format that came in.
    public static let audioAsItCame = FrameOffer(frameType: Audio.frameType, audio: nil)

    /// Offers audio.
    public static func audio(_ format: AudioFormat) -> FrameOffer {
        FrameOffer(frameType: Audio.frameType, audio: format)
    }
}

/// The audio formats that a processor understands.
public struct AudioConstraint: Sendable, Equatable {
    /// Accepted rates in Hz; `nil` for any.
    ///
    /// The first is the one to convert to.
    public var ratesHz: [Int]?
    /// Accepted channel counts; `nil` for any.
    public var channels: [Int]?
    /// Accepted encodings.
    ///
    /// The first is the one to convert to.
    public var encodings: [AudioFormat.Encoding]

    /// Creates a constraint.
    public init(ratesHz: [Int]? = nil, channels: [Int]? = nil, encodings: [AudioFormat.Encoding] = [.linear16]) {
        self.ratesHz = ratesHz
        self.channels = channels
        self.encodings = encodings
    }

    /// Linear samples at any rate, mono or stereo.
    public static let linear = AudioConstraint()
    /// Any audio, also encoded.
    public static let any = AudioConstraint(encodings: AudioFormat.Encoding.allCases)
    /// One exact format.
    public static func exactly(_ format: AudioFormat) -> AudioConstraint {
        AudioConstraint(ratesHz: [format.rateHz], channels: [format.channels], encodings: [format.encoding])
    }

    /// Whether audio of `format` is understood as it is.
    public func accepts(_ format: AudioFormat) -> Bool {
        (ratesHz?.contains(format.rateHz) ?? true) && (channels?.contains(format.channels) ?? true)
            && encodings.contains(format.encoding)
    }

    /// The accepted format that is nearest to `format`: only what must differ does.
    public func nearest(to format: AudioFormat) -> AudioFormat {
        AudioFormat(
            rateHz: (ratesHz?.contains(format.rateHz) ?? true) ? format.rateHz : ratesHz?.first ?? format.rateHz,
            channels: (channels?.contains(format.channels) ?? true)
                ? format.channels : channels?.first ?? format.channels,
            encoding: encodings.contains(format.encoding) ? format.encoding : encodings.first ?? format.encoding)
    }
}
