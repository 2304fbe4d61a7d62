// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The unit that travels through a pipeline: a header and a shared, immutable payload.
///
/// 32 bytes, one reference.
///
/// `frame[Transcript.self]` gives the payload when it is of that type. The comparison is one load, so that asking for a
/// plug-in's type costs what asking for a built-in one costs.
///
/// `@unchecked`: the payload is made only from a `FramePayload`, which is `Sendable`, or from an `Audio`.
public struct Frame: @unchecked Sendable {
    @usableFromInline let payload: AnyObject
    /// Media time, turn epoch, cause.
    public internal(set) var header: FrameHeader

    /// Creates a frame.
    ///
    /// Its epoch and cause are set when a processor emits it.
    ///
    /// - Parameters:
    ///   - payload: What the frame carries.
    ///   - mediaTime: Position on the session's clock.
    ///   - isUninterruptible: Whether the frame keeps its place through interruptions.
    public init<Payload: FramePayload>(
        _ payload: Payload, at mediaTime: MediaTime = .zero, isUninterruptible: Bool = false
    ) {
        var flags: FrameHeader.Flags = []
        if Payload.lane == .urgent { flags.insert(.urgent) }
        if Payload.isReply { flags.insert(.reply) }
        if Payload.isDroppable { flags.insert(.droppable) }
        if isUninterruptible { flags.insert(.uninterruptible) }
        header = FrameHeader(mediaTime: mediaTime, flags: flags)
        if Payload.self == Audio.self, let audio = payload as? Audio {
            self.payload = audio.storage
        } else {
            self.payload = FrameBox(payload)
        }
    }

    /// Creates an audio frame that begins at `mediaTime`.
    public init(audio: Audio, at mediaTime: MediaTime = .zero) {
        payload = audio.storage
        header = FrameHeader(mediaTime: mediaTime, flags: .droppable)
    }

    private init(marker: AnyObject, header: FrameHeader) {
        payload = marker
        self.header = header
    }

    /// The payload, when it is of type `Payload`.
    @inlinable
    public subscript<Payload: FramePayload>(_ type: Payload.Type) -> Payload? {
        guard ObjectIdentifier(Swift.type(of: payload)) == ObjectIdentifier(FrameBox<Payload>.self) else { return nil }
        return unsafeDowncast(payload, to: FrameBox<Payload>.self).value
    }

    /// The audio, when the frame carries audio.
    public var audio: Audio? {
        guard ObjectIdentifier(type(of: payload)) == ObjectIdentifier(AudioStorage.self) else { return nil }
        return Audio(storage: unsafeDowncast(payload, to: AudioStorage.self))
    }

    /// The audio, when the frame carries audio.
    public subscript(_ type: Audio.Type) -> Audio? { audio }

    /// The name of the payload's type, such as `transcript`; for logs and counters.
    public var frameType: String {
        switch payload {
        case is AudioStorage: Audio.frameType
        case let box as any AnyFrameBox: box.frameType
        default: "end_of_input"
        }
    }

    /// Position of the payload on the session's clock.
    public var mediaTime: MediaTime { header.mediaTime }
    /// Where an audio frame ends; the media time of any other frame.
    public var endTime: MediaTime { audio.map { header.mediaTime + $0.duration } ?? header.mediaTime }

    /// The same frame marked as one that interruptions leave alone.
    public func uninterruptible() -> Frame {
        var frame = self
        frame.header.flags.insert(.uninterruptible)
        return frame
    }

    /// The same payload at another media time.
    public func moved(to mediaTime: MediaTime) -> Frame {
        var frame = self
        frame.header.mediaTime = mediaTime
        return frame
    }

    /// Tells every queue on the way that nothing more comes from the source.
    static func endOfInput(at time: MediaTime) -> Frame {
        Frame(marker: EndOfInputMarker.shared, header: FrameHeader(mediaTime: time, flags: .endOfInput))
    }
}

/// Carries a value payload.
///
/// `final`, so that a type comparison identifies it.
@usableFromInline
final class FrameBox<Payload: FramePayload>: AnyFrameBox, Sendable {
    @usableFromInline let value: Payload

    init(_ value: Payload) { self.value = value }

    var frameType: String { Payload.frameType }
}

protocol AnyFrameBox {
    var frameType: String { get }
}

private final class EndOfInputMarker: Sendable {
    static let shared = EndOfInputMarker()
}

extension Audio: FramePayload {
    public static let frameType = "audio"
    public static let isDroppable = true
}
