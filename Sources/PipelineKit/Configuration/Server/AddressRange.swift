// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IP address, without port; IPv4 addresses in IPv6 clothes count as IPv4.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, the highest first.
    public let bytes: [UInt8]

    /// Reads an address such as `10.1.2.3` or `2001:db8::1`.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            let all = withUnsafeBytes(of: &six) { Array($0) }
            let isMapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = isMapped ? Array(all.suffix(4)) : all
        } else {
            return nil
        }
    }

    /// Whether only this machine can have it: `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A range of IP addresses, such as `10.0.0.0/8`; a single address without a slash.
///
/// - SeeAlso: RFC 4632.
public struct AddressRange: Hashable, Sendable {
    private let base: IPAddress
    private let prefix: Int

    /// Reads a range; `nil` when it is malformed or bits beyond the prefix are set.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = IPAddress(parts[0]) else { return nil }
        self.base = base
        let bits = base.bytes.count * 8
        if parts.count == 2 {
            guard let prefix = Int(parts[1]), (0...bits).contains(prefix) else { return nil }
            self.prefix = prefix
        } else {
            prefix = bits
        }
        for bit in prefix..<bits where base.bit(bit) { return nil }
    }

    /// Whether an address lies within.
    public func contains(_ address: IPAddress) -> Bool {
        address.bytes.count == base.bytes.count && (0..<prefix).allSatisfy { address.bit($0) == base.bit($0) }
    }
}

extension IPAddress {
    fileprivate func bit(_ index: Int) -> Bool { bytes[index / 8] & (0x80 >> UInt8(index % 8)) != 0 }
}

extension AddressRange: ParameterValue {
    public static func decode(
        _ node: YAMLNode, in range: ParameterRange<Never>?, _ decoder: inout ParameterDecoder
    ) -> AddressRange? {
        if let text = node.scalar?.text, let range = AddressRange(text) { return range }
        return decoder.mismatch("an address or a range of addresses, such as 10.0.0.0/8", node)
    }

    public static func type(in range: ParameterRange<Never>?) -> ParameterType {
        ParameterType("address range", json: ["type": "string", "minLength": 1])
    }

    public var encoded: JSONValue { .string(prefix == base.bytes.count * 8 ? "\(base)" : "\(base)/\(prefix)") }
}
