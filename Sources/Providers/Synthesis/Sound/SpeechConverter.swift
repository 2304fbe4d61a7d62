// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Processors

/// Brings the samples of one sentence into the format that the adapter promised, where the provider chose another.
///
/// Samples that have it already are passed on untouched.
struct SpeechConverter {
    private let source: AudioFormat
    private let conversion: AudioConversion?

    /// Creates a converter for one sentence.
    ///
    /// - Throws: ``ProviderError`` for a rate that cannot be converted.
    init(from source: AudioFormat, to target: AudioFormat) throws(ProviderError) {
        self.source = source
        do {
            conversion = source == target ? nil : try AudioConversion(speechFrom: source, to: target)
        } catch {
            throw ProviderError(.malformed, "speech in \(source) cannot become \(target): \(error)")
        }
    }

    /// Converts whole samples.
    func convert(_ samples: [UInt8]) throws -> [UInt8] {
        guard let conversion, !samples.isEmpty else { return samples }
        let count = samples.count / source.bytesPerSample
        let audio = Audio(format: source, sampleCount: count, byteCount: samples.count) { target in
            samples.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        return try collect { try conversion.convert(audio, $0) }
    }

    /// What the filter still holds at the end of the sentence.
    func flush() throws -> [UInt8] {
        guard let conversion else { return [] }
        return try collect(conversion.flush)
    }

    private func collect(_ body: (AudioConversion.Emit) throws -> Void) rethrows -> [UInt8] {
        var bytes: [UInt8] = []
        try body { audio, _ in audio.withBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
