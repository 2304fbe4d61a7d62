// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory that is removed, with everything in it, when nobody uses it any more.
public final class TemporaryDirectory: Sendable {
    /// The directory or one of its files cannot be made or written.
    public struct Failure: Error {}

    /// The directory's path.
    public let root: String

    /// Makes the directory.
    ///
    /// - Throws: ``Failure``.
    public init() throws {
        var template = Array("/tmp/voice-pipeline-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(root) }

    /// The path of something in the directory.
    public func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Writes a text file and returns its path.
    ///
    /// - Throws: ``Failure``.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    /// Writes a file and returns its path.
    ///
    /// - Parameter size: Bytes that the file is made long, with zeros or by a cut; `nil` for as many as are written.
    /// - Throws: ``Failure``.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String, size: Int? = nil) throws -> String {
        guard let file = fopen(path(name), "w") else { throw Failure() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else { throw Failure() }
        if let size, ftruncate(fileno(file), size) != 0 { throw Failure() }
        return path(name)
    }

    /// The bytes of a file; none when it is not there.
    public func bytes(_ name: String) -> [UInt8] {
        guard let file = fopen(path(name), "r") else { return [] }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: ftell(file))
        rewind(file)
        return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
    }

    /// The text of a file; `nil` when it is not there.
    public func read(_ name: String) -> String? {
        access(path(name), R_OK) == 0 ? String(decoding: bytes(name), as: UTF8.self) : nil
    }

    /// The names in the directory or one below it, sorted.
    public func names(in folder: String = "") -> [String] { Self.names(in: path(folder)).sorted() }

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
