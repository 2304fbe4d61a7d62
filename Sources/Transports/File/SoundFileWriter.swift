// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSndfile
import Glibc
package import PipelineKit

/// Writes 16-bit WAV or FLAC, by the file name's ending.
///
/// The header is kept right after every block, so that a file is whole as far as it goes even when the process dies.
/// Writing blocks on the disk: call from the worker pool. Not for two threads at a time.
package final class SoundFileWriter {
    private let path: String
    private let format: AudioFormat
    private var file: OpaquePointer?

    /// Creates the file, or empties it.
    ///
    /// - Throws: ``SoundFileError``.
    package init(_ path: String, format: AudioFormat) throws(SoundFileError) {
        precondition(format.encoding == .linear16, "sound files are written from linear samples")
        var info = SF_INFO()
        info.samplerate = CInt(format.rateHz)
        info.channels = CInt(format.channels)
        info.format = try Self.container(path)
        guard let file = sf_open(path, CInt(SFM_WRITE), &info) else {
            let reason = errno == 0 ? String(cString: sf_strerror(nil)) : String(cString: strerror(errno))
            throw SoundFileError(.unwritable, path, "cannot be written: \(reason)")
        }
        sf_command(file, CInt(SFC_SET_UPDATE_HEADER_AUTO), nil, CInt(SF_TRUE))
        self.file = file
        self.path = path
        self.format = format
    }

    deinit { if let file { sf_close(file) } }

    /// Adds audio.
    ///
    /// - Precondition: The audio has the file's format.
    /// - Throws: ``SoundFileError``, for example when the disk is full.
    package func write(_ audio: Audio) throws(SoundFileError) {
        precondition(audio.format == format, "\(path) is written in \(format), not in \(audio.format)")
        guard let file else { return }
        let written = audio.withSamples { sf_writef_short(file, $0.baseAddress, sf_count_t(audio.sampleCount)) }
        guard written == audio.sampleCount else {
            throw SoundFileError(.unwritable, path, "writing failed: \(String(cString: sf_strerror(file)))")
        }
    }

    /// Completes the file.
    ///
    /// Nothing can be added any more.
    ///
    /// - Throws: ``SoundFileError``.
    package func close() throws(SoundFileError) {
        guard let file else { return }
        self.file = nil
        guard sf_close(file) == 0 else {
            throw SoundFileError(.unwritable, path, "the file could not be completed; is the disk full?")
        }
    }

    private static func container(_ path: String) throws(SoundFileError) -> CInt {
        let name = path.lowercased()
        if name.hasSuffix(".wav") { return CInt(SF_FORMAT_WAV | SF_FORMAT_PCM_16) }
        if name.hasSuffix(".flac") { return CInt(SF_FORMAT_FLAC | SF_FORMAT_PCM_16) }
        throw SoundFileError(.unsupported, path, "name a file that ends in .wav or .flac")
    }
}

@available(*, unavailable) extension SoundFileWriter: Sendable {}
