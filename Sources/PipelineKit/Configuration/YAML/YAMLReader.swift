// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reads YAML into nodes that know their places, and reports every problem it can find.
public struct YAMLReader: Sendable {
    private let limits: YAMLLimits

    /// Creates a reader.
    public init(limits: YAMLLimits = YAMLLimits()) {
        self.limits = limits
    }

    /// Reads a file that holds one document.
    ///
    /// The size is asked for before anything is read, and only regular files are opened.
    ///
    /// - Parameters:
    ///   - path: The file, as the user gave it.
    ///   - mark: What to blame if the file cannot be read, such as an `include:`; by default the file itself.
    /// - Returns: The root, or `nil` if there is none that could be used.
    public func read(path: String, blaming mark: SourceMark? = nil, into diagnostics: inout Diagnostics) -> YAMLNode? {
        do {
            let bytes = try SourceFile.read(path: path, limit: limits.fileBytes)
            return read(bytes, file: path, into: &diagnostics)
        } catch {
            let name = mark == nil ? "" : "\(path.shown(upTo: 4096)): "
            diagnostics.error(name + error.message, at: mark ?? SourceMark(file: path))
            return nil
        }
    }

    /// Reads text that holds one document.
    public func read(_ text: String, file: String, into diagnostics: inout Diagnostics) -> YAMLNode? {
        read(Array(text.utf8), file: file, into: &diagnostics)
    }

    /// Reads bytes that hold one document.
    ///
    /// - Returns: The root, or `nil` if there is none that could be used.
    public func read(_ bytes: [UInt8], file: String, into diagnostics: inout Diagnostics) -> YAMLNode? {
        guard bytes.count <= limits.fileBytes else {
            diagnostics.error(
                SourceFile.Failure.tooLarge(bytes.count, limits.fileBytes).message, at: SourceMark(file: file))
            return nil
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let source = SourceText(text)
        guard isText(text, source, file, &diagnostics) else { return nil }
        diagnostics.keepSource(source, of: file)
        var composer = YAMLComposer(text, source: source, file: file, limits: limits)
        defer { diagnostics.merge(composer.diagnostics) }
        return try? composer.document()
    }

    private func isText(
        _ bytes: [UInt8], _ source: SourceText, _ file: String, _ diagnostics: inout Diagnostics
    ) -> Bool {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            diagnostics.error("the file is UTF-16; save it as UTF-8", at: SourceMark(file: file))
            return false
        }
        if let offset = bytes.firstIndex(of: 0) {
            let mark = source.mark(atOffset: offset, file: file)
            diagnostics.error("the file is binary (it holds a NUL byte), not YAML", at: mark)
            return false
        }
        if let offset = Self.firstInvalidByte(bytes) {
            let mark = source.mark(atOffset: offset, file: file)
            diagnostics.error("this is not UTF-8; save the file as UTF-8", at: mark)
            return false
        }
        return true
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let encoded) = decoder.parseScalar(from: &iterator) { offset += encoded.count }
        return offset
    }
}
