// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why a sound file cannot be read or written.
public struct SoundFileError: Error, Equatable {
    /// The cause.
    public enum Code: String, Sendable {
        /// There is no file of that name.
        case missing
        /// It is a directory or a device.
        case notAFile = "not_a_file"
        /// The bytes are not those of a known kind of sound file.
        case notAudio = "not_audio"
        /// It is a sound file of a rate, an encoding or a kind that cannot be used.
        case unsupported
        /// Reading failed: no permission, or a file that is damaged.
        case unreadable
        /// Writing failed: no such directory, no permission, no space.
        case unwritable
    }

    /// The cause.
    public var code: Code
    /// The file, as the user named it.
    public var path: String
    /// What happened and what to do.
    public var message: String

    /// Creates an error.
    package init(_ code: Code, _ path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }
}

extension SoundFileError: CustomStringConvertible {
    public var description: String { "\(path): \(message)" }
}
