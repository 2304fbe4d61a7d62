// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A path in a pipeline file; a relative one begins at the directory of that file.
public struct FileReference: Sendable, Hashable {
    /// The path as written.
    public var path: String
    /// The path to open.
    public var resolved: String

    /// Takes a path as it is, relative to the working directory.
    public init(_ path: String) {
        self.path = path
        resolved = path
    }

    /// Takes a path as written in a file.
    public init(_ path: String, in file: String) {
        self.path = path
        if path.hasPrefix("/") {
            resolved = path
        } else {
            let directory = file.lastIndex(of: "/").map { file[...$0] } ?? ""
            resolved = directory + path
        }
    }
}

extension FileReference: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> FileReference? {
        guard let path = String.decode(node, in: nil, &decoder) else { return nil }
        guard !path.isEmpty else { return decoder.mismatch("a path", node) }
        return FileReference(path, in: node.mark.file)
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("file", json: ["type": "string", "minLength": 1])
    }

    public var encoded: JSONValue { .string(path) }
}
