// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Why the weights of Silero VAD cannot be used.
package enum SileroError: Error, Equatable {
    /// No weights file lies in any of the places.
    case missing(searched: [String])
    /// The file exists and cannot be read, for the system's reason.
    case unreadable(path: String, reason: String)
    /// The file is no weights file of this version.
    case foreign(path: String)
    /// The file is cut off or its checksum does not agree.
    case damaged(path: String)
    /// The process has no memory left for the weights.
    case outOfMemory
}

extension SileroError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let searched):
            "Silero's weights are not on this machine; run 'make models'. Searched: \(searched.joined(separator: ", "))"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .foreign(let path):
            "\(path) holds no Silero weights of this version; run 'make models'"
        case .damaged(let path):
            "\(path) is damaged; delete it and run 'make models'"
        case .outOfMemory:
            "no memory for Silero's weights"
        }
    }
}
