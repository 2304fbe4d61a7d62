// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit
import Transports

/// A directory that is removed with everything in it.
final class TemporaryDirectory {
    struct Failure: Error {}

    /// The directory's path.
    let root: String

    init() throws {
        var template = Array("/tmp/voice-pipeline-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(root) }

    /// The path of something in the directory.
    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Writes a text file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        guard let file = fopen(path(name), "w") else { throw Failure() }
        fputs(text, file)
        fclose(file)
        return path(name)
    }

    /// Writes a sound file and returns its path.
    @discardableResult
    func write(_ audio: Audio, to name: String) throws -> String {
        let writer = try SoundFileWriter(path(name), format: audio.format)
        try writer.write(audio)
        try writer.close()
        return path(name)
    }

    /// The text of a file.
    func read(_ name: String) -> String? {
        guard let file = fopen(path(name), "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// The names in the directory or one below it.
    func names(in folder: String = "") -> [String] { Self.names(in: path(folder)).sorted() }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func remove(_ directory: String) {
        for name in names(in: directory) {
            let path = "\(directory)/\(name)"
            if unlink(path) != 0 { remove(path) }
        }
        rmdir(directory)
    }
}
