// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A form with files, `multipart/form-data`.
///
/// - SeeAlso: RFC 7578.
struct MultipartForm {
    private let boundary: String
    private var body = ByteBuffer()

    /// Creates a form without fields, with a boundary that nobody can guess and put into a field.
    init() {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        self.init(boundary: "voice-pipeline-" + digits + String(UInt64.random(in: .min ... .max), radix: 16))
    }

    /// Creates a form with a known boundary.
    init(boundary: String) { self.boundary = boundary }

    /// The value of the header `content-type`.
    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// Adds a field; its name has no quotation mark.
    mutating func add(_ name: String, _ value: String) {
        body.writeString("--\(boundary)\r\ncontent-disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
    }

    /// Adds a field that has a value.
    mutating func add(_ name: String, _ value: String?) {
        if let value { add(name, value) }
    }

    /// Adds a file.
    mutating func add(_ name: String, file: String, type: String, _ content: ByteBuffer) {
        body.writeString(
            "--\(boundary)\r\ncontent-disposition: form-data; name=\"\(name)\"; filename=\"\(file)\"\r\n"
                + "content-type: \(type)\r\n\r\n")
        body.writeImmutableBuffer(content)
        body.writeString("\r\n")
    }

    /// The form, ended.
    func finished() -> ByteBuffer {
        var whole = body
        whole.writeString("--\(boundary)--\r\n")
        return whole
    }
}
