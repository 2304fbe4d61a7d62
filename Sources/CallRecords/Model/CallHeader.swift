// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What is known of a call when it begins.
public struct CallHeader: Sendable, Hashable {
    /// Tells the calls of one process apart, in the order in which they began.
    public var serial: Int
    /// The call's id, as the transport gave it.
    public var id: String
    /// The pipeline that served it.
    public var pipeline: String
    /// The transport that brought it.
    public var transport: String
    /// Who called.
    public var from: String?
    /// Who was called.
    public var to: String?
    /// `inbound` or `outbound`, where the transport knows.
    public var direction: String?
    /// What else the transport knows of the call.
    public var attributes: [String: String]
    /// When it began.
    public var began: WallTime

    /// Creates the header of a call that begins now.
    public init(serial: Int, pipeline: String, call: Call, began: WallTime) {
        self.serial = serial
        id = call.id
        self.pipeline = pipeline
        transport = call.transport
        from = call.attributes["from"].map(PhoneNumber.normalized)
        to = call.attributes["to"].map(PhoneNumber.normalized)
        direction = call.attributes["direction"]
        attributes = call.attributes.filter { !["from", "to", "direction"].contains($0.key) }
        self.began = began
    }

    init(
        serial: Int, id: String, pipeline: String, transport: String, from: String?, to: String?, direction: String?,
        attributes: [String: String], began: WallTime
    ) {
        self.serial = serial
        self.id = id
        self.pipeline = pipeline
        self.transport = transport
        self.from = from
        self.to = to
        self.direction = direction
        self.attributes = attributes
        self.began = began
    }
}

/// Telephone numbers as people and carriers write them.
enum PhoneNumber {
    /// The number without the spaces, dots, dashes and brackets in which it may be written.
    ///
    /// `+1 (555) 123-4567` becomes `+15551234567`. What is no number, such as a SIP address, stays as it is.
    ///
    /// A leading space stands for a `+` that was not encoded in a URL.
    static func normalized(_ text: String) -> String {
        let plus = text.hasPrefix(" ") ? "+" + text.dropFirst() : text
        let rest = plus.filter { !" .-()/".contains($0) }
        let digits = rest.hasPrefix("+") ? rest.dropFirst() : rest[...]
        guard digits.count >= 3, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return text }
        return rest
    }

    /// The number with and without its `+`, as either may have been written.
    static func spellings(of text: String) -> [String] {
        let number = normalized(text)
        let digits = number.drop { $0 == "+" }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return [text] }
        return [String(digits), "+\(digits)"]
    }
}
