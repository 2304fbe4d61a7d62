// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CSilero
import Glibc
import Synchronization

/// The weights of Silero VAD, version 6, for 16 kHz: 0.9 MB, immutable, shared by all streams.
///
/// The network is computed by a kernel of our own, without ONNX Runtime; its probabilities differ from the published
/// model's by less than 1e-5.
///
/// - SeeAlso: <https://github.com/snakers4/silero-vad>
package final class SileroModel {
    /// The name of the weights file, which `make models` writes.
    package static let fileName = "silero_vad_16k.bin"

    /// Models by the path that they were loaded from; they stay for the life of the process.
    private static let loaded = Mutex<[String: SileroModel]>([:])

    /// The kernel's weights.
    let weights: OpaquePointer

    private init(weights: OpaquePointer) {
        self.weights = weights
    }

    deinit {
        csilero_unload(weights)
    }

    /// The weights from the first place of `searchPath()` that has them.
    ///
    /// - Throws: `SileroError.missing` when no place has; as `load(at:)` does for the file found.
    package static func load() throws(SileroError) -> SileroModel {
        guard let path = find() else { throw .missing(searched: searchPath()) }
        return try load(at: path)
    }

    /// The weights from `path`, read at the first call for it and shared from then on.
    ///
    /// - Throws: `SileroError` when the file cannot be read or is not what it should be; the next call tries again.
    package static func load(at path: String) throws(SileroError) -> SileroModel {
        let outcome = loaded.withLock { models in
            Result { () throws(SileroError) in
                if let model = models[path] { return model }
                let model = try read(path)
                models[path] = model
                return model
            }
        }
        return try outcome.get()
    }

    /// The first place of `searchPath()` that has the weights file; nil when none has.
    package static func find() -> String? {
        searchPath().first { access($0, R_OK) == 0 }
    }

    /// Where the weights file is looked for, in this order.
    ///
    /// The folder that the environment names as `VOICE_MODELS`, `models` under the working directory, `models` beside
    /// the executable, and `.cache/voice-pipeline/models` under the home directory.
    package static func searchPath() -> [String] {
        var folders: [String] = []
        if let folder = getenv("VOICE_MODELS") { folders.append(String(cString: folder)) }
        folders.append("models")
        if let executable = executablePath(), let slash = executable.lastIndex(of: "/") {
            folders.append(executable[..<slash] + "/models")
        }
        if let home = getenv("HOME") { folders.append(String(cString: home) + "/.cache/voice-pipeline/models") }
        return folders.map { $0 + "/" + fileName }
    }

    private static func read(_ path: String) throws(SileroError) -> SileroModel {
        var status = CSILERO_LOADED
        if let weights = csilero_load(path, &status) { return SileroModel(weights: weights) }
        switch status {
        case CSILERO_UNREADABLE: throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        case CSILERO_FOREIGN: throw .foreign(path: path)
        case CSILERO_DAMAGED: throw .damaged(path: path)
        default: throw .outOfMemory
        }
    }

    private static func executablePath() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}

// Immutable after init: the kernel only reads the weights.
extension SileroModel: @unchecked Sendable {}
