// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSndfile
import Glibc
package import PipelineKit

/// Reads a WAV, FLAC, OGG or other sound file that libsndfile knows, in blocks of 16-bit samples.
///
/// Samples are scaled so that full scale stays full scale whatever the file's own form is; 16-bit files come out bit for
/// bit. Reading blocks on the disk: call from the worker pool. Not for two threads at a time.
package final class SoundFileReader {
    /// The channels that come out.
    package enum Channels: Sendable {
        /// One: the mean of all channels of the file.
        case mixed
        /// Those of the file, one or two.
        case asStored
    }

    /// The format that ``read(_:)`` gives.
    package let format: AudioFormat
    /// Samples of each channel in the file, as its header says.
    package let sampleCount: Int
    private let path: String
    private let file: OpaquePointer
    private let storedChannels: Int
    private var scratch: [Float] = []

    /// Opens a file.
    ///
    /// - Throws: ``SoundFileError``.
    package init(_ path: String, channels: Channels = .mixed) throws(SoundFileError) {
        try Self.checkIsFile(path)
        var info = SF_INFO()
        guard let file = sf_open(path, CInt(SFM_READ), &info) else { throw Self.openError(path) }
        do {
            format = try Self.format(of: info, channels, path)
        } catch {
            sf_close(file)
            throw error
        }
        self.file = file
        self.path = path
        sampleCount = max(0, Int(info.frames))
        storedChannels = Int(info.channels)
    }

    deinit { sf_close(file) }

    /// Reads the next samples, at most `count` of each channel; `nil` at the end of the file.
    ///
    /// - Throws: ``SoundFileError`` when the file is damaged here.
    package func read(_ count: Int) throws(SoundFileError) -> Audio? {
        if scratch.count < count * storedChannels { scratch = [Float](repeating: 0, count: count * storedChannels) }
        let got = scratch.withUnsafeMutableBufferPointer { sf_readf_float(file, $0.baseAddress, sf_count_t(count)) }
        guard sf_error(file) == 0 else {
            throw SoundFileError(.unreadable, path, "damaged here: \(String(cString: sf_strerror(file)))")
        }
        guard got > 0 else { return nil }
        let mixes = format.channels != storedChannels
        return Audio(format: format, sampleCount: Int(got)) { target in
            for index in target.indices {
                let value = mixes ? mean(ofSamplesAt: index) : scratch[index]
                target[index] = Int16(clamping: Int((max(-2, min(2, value)) * 32768).rounded()))
            }
        }
    }

    private func mean(ofSamplesAt index: Int) -> Float {
        var sum: Float = 0
        for channel in 0..<storedChannels { sum += scratch[index * storedChannels + channel] }
        return sum / Float(storedChannels)
    }

    // MARK: Opening

    private static func checkIsFile(_ path: String) throws(SoundFileError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { throw SoundFileError(.missing, path, "no such file; check the path") }
            throw SoundFileError(.unreadable, path, String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SoundFileError(.notAFile, path, "is not a file; name a recording, such as a WAV file")
        }
        guard access(path, R_OK) == 0 else {
            throw SoundFileError(.unreadable, path, "\(String(cString: strerror(errno))); make the file readable")
        }
    }

    private static func openError(_ path: String) -> SoundFileError {
        switch Int(sf_error(nil)) {
        case Int(SF_ERR_UNSUPPORTED_ENCODING):
            SoundFileError(.unsupported, path, "its encoding cannot be read; convert it to 16-bit WAV")
        case Int(SF_ERR_MALFORMED_FILE):
            SoundFileError(.unreadable, path, "damaged: \(String(cString: sf_strerror(nil)))")
        default:
            SoundFileError(.notAudio, path, "not a sound file that can be read; give a WAV, FLAC or OGG file")
        }
    }

    private static func format(
        of info: SF_INFO, _ channels: Channels, _ path: String
    ) throws(SoundFileError) -> AudioFormat {
        guard (1...192_000).contains(info.samplerate), info.channels >= 1 else {
            throw SoundFileError(.unsupported, path, "its rate of \(info.samplerate) Hz is outside 1...192000")
        }
        if case .asStored = channels, info.channels > 2 {
            throw SoundFileError(.unsupported, path, "has \(info.channels) channels; give one or two")
        }
        let count = channels == .mixed ? 1 : Int(info.channels)
        return AudioFormat(rateHz: Int(info.samplerate), channels: count)
    }
}

@available(*, unavailable) extension SoundFileReader: Sendable {}
