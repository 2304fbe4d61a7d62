// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The frame types that pass a place in a graph, and the formats of the audio among them.
struct FrameFlow: Equatable {
    var types: Set<String> = []
    var formats: Set<AudioFormat> = []
    /// Whether an unknown processor is upstream, so that other types may come too.
    var isOpen = false

    /// What comes together at a join.
    mutating func merge(_ other: FrameFlow) {
        types.formUnion(other.types)
        formats.formUnion(other.formats)
        isOpen = isOpen || other.isOpen
    }

    /// What flows on behind a processor.
    func after(_ pads: Pads) -> FrameFlow {
        var result = self
        for consumed in pads.consumes {
            result.types.remove(consumed.frameType)
            if consumed.frameType == Audio.frameType { result.formats = [] }
        }
        for produced in pads.produces {
            result.types.insert(produced.frameType)
            guard produced.frameType == Audio.frameType else { continue }
            if let format = produced.audio { result.formats.insert(format) } else { result.formats.formUnion(formats) }
        }
        return result
    }

    /// What flows when all audio is converted to one format.
    func converted(to format: AudioFormat) -> FrameFlow {
        var result = self
        result.formats = [format]
        return result
    }
}
