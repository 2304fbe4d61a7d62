// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

extension ProcessorRegistry {
    /// Adds every transport of this library, one line each.
    public mutating func addBuiltinTransports() {
        add(FileTransport.self)
        add(TwilioTransport.self)
        add(BrowserTransport.self)
        add(RTVITransport.self)
    }
}
