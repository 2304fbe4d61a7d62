// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

extension JSONValue {
    /// Reads what a service sent as one event.
    init(event bytes: ByteBuffer) throws(ProviderError) {
        do {
            self = try JSONValue(parsing: bytes.readableBytesView)
        } catch {
            throw ProviderError(.malformed, "the service sent something that is no JSON: \(error)")
        }
    }
}

extension ProviderRequest {
    /// Adds headers of the pipeline file, always in the same order.
    mutating func add(_ headers: [String: Secret<String>]) {
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            self.headers.append((name.lowercased(), value.value))
        }
    }
}
