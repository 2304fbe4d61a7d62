// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What counts as one client: an IPv4 address, or the /64 network that one IPv6 customer has to himself.
struct ClientKey: Hashable, Sendable {
    private let bytes: [UInt8]

    /// The client that an address belongs to.
    init(_ address: IPAddress) { self.init(bytes: address.bytes) }

    /// The client of 4 or 16 bytes of address.
    init(bytes: [UInt8]) { self.bytes = bytes.count == 4 ? bytes : Array(bytes.prefix(8)) }

    /// All clients for whom there is no room in a table.
    static let others = ClientKey(bytes: [])
}
