// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import PipelineKit

/// Refuses requests that ask for a name which is not this server's.
///
/// A page of the web can have its own name resolved to an address of this machine, and then passes, in the eyes of a
/// browser, for a page of this server (DNS rebinding). It cannot make the browser ask for an address, or for a name that it
/// does not own. Behind encryption the browser has compared the name with the certificate already.
struct AllowedHosts: Sendable {
    private let names: Set<String>?

    /// Takes the names that the server knows to be its own.
    init(_ settings: PipelineServer) {
        let own = settings.publicURL.map { [PublicURL.host(of: $0.authority)] } ?? []
        names = settings.tls == nil ? Set(["localhost"] + own + settings.allowedHosts.map { $0.lowercased() }) : nil
    }

    /// Lets a request pass.
    ///
    /// - Parameter authority: What it asks for, as a `Host` header has it.
    /// - Throws: ``ServerError`` 421, and what to do.
    func check(_ authority: String) throws(ServerError) {
        guard let names else { return }
        let host = PublicURL.host(of: authority)
        guard IPAddress(host) == nil, !names.contains(host) else { return }
        throw ServerError(
            .misdirectedRequest,
            "this server does not go by the name '\(host)'; set server.public_url, or name it under server.allowed_hosts"
        )
    }
}
