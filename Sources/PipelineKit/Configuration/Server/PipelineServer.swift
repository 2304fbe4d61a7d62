// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// `server:` of a pipeline file: who may reach the process, and how much of it one client may take.
///
/// Holds for every port that the transports name.
public struct PipelineServer: ParameterGroup, Equatable {
    /// The files of an encrypted server.
    public struct TLS: ParameterGroup, Equatable {
        /// The certificate and those that vouch for it.
        public var certificate = FileReference("certificate.pem")
        /// The private key.
        public var key = FileReference("key.pem")

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .required("certificate", \.certificate, "PEM file: the certificate, then those that vouch for it."),
            .required("key", \.key, "PEM file with the certificate's private key, without a passphrase."))

        /// Creates an example.
        public init() {}
    }

    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The address under which the world knows the server.
    public var publicURL: PublicURL?
    /// Further names by which requests may ask for the server.
    public var allowedHosts: [String] = []
    /// The certificate.
    public var tls: TLS?
    /// Whether to speak without encryption to other machines.
    public var allowPlain = false
    /// Keys of which each opens the management routes.
    public var apiKeys: [Secret<String>] = []
    /// The proxies whose `X-Forwarded-*` headers are believed.
    public var trustedProxies: [AddressRange] = []
    /// Most connections at the same time.
    public var connections = 20_000
    /// Most connections of one client at the same time.
    public var connectionsPerClient = 2000
    /// Requests that one client may make in a minute.
    public var requestsPerMinute = 600
    /// Longest head of a request.
    public var headBytes = 16 * 1024
    /// Longest body of a request.
    public var bodyBytes = 1024 * 1024
    /// Time for the head of a request.
    public var headTimeout = Duration.seconds(10)
    /// Time for the body of a request.
    public var bodyTimeout = Duration.seconds(30)
    /// Time that a connection is kept open between two requests.
    public var idleTimeout = Duration.seconds(60)

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("host", \.host, "Address or name to listen on; 0.0.0.0 is every IPv4 address of the machine."),
        .optional(
            "public_url", \.publicURL,
            "Address under which the world reaches the server, where a tunnel or proxy stands in front of it."),
        .optional(
            "allowed_hosts", \.allowedHosts,
            "Names by which requests may ask for an unencrypted server, beside localhost, addresses and public_url."),
        .optional("tls", \.tls, "Certificate and key; without them the server speaks unencrypted."),
        .optional(
            "allow_plain", \.allowPlain,
            "Whether other machines may speak to the server unencrypted, as behind a proxy that encrypts."),
        .optional(
            "api_keys", \.apiKeys,
            "Keys of which each opens the management routes; two while one is being replaced. Without any, only programs "
                + "on this machine may use them."),
        .optional(
            "trusted_proxies", \.trustedProxies,
            "Addresses of proxies whose X-Forwarded-For, -Proto and -Host are believed."),
        .optional("connections", \.connections, in: 1...1_000_000, "Most connections at the same time."),
        .optional(
            "connections_per_client", \.connectionsPerClient, in: 1...1_000_000,
            "Most connections of one client at the same time; a proxy is one client."),
        .optional(
            "requests_per_minute", \.requestsPerMinute, in: 1...1_000_000,
            "Requests that one client may make in a minute, counted behind trusted proxies."),
        .optional("head_bytes", \.headBytes, in: 1024...65_536, "Longest head of a request: line and headers."),
        .optional("body_bytes", \.bodyBytes, in: 0...1_073_741_824, "Longest body of a request."),
        .optional(
            "head_timeout", \.headTimeout, in: .milliseconds(100) ... .seconds(600),
            "Time in which a new connection must have sent the head of a request."),
        .optional(
            "body_timeout", \.bodyTimeout, in: .milliseconds(100) ... .seconds(3600),
            "Time for the body of a request, and for taking its answer."),
        .optional(
            "idle_timeout", \.idleTimeout, in: .milliseconds(100) ... .seconds(3600),
            "Time that a connection is kept between two requests."))

    /// Creates the defaults.
    public init() {}

    /// Whether only this machine can reach the server.
    public var isLocal: Bool { host == "localhost" || IPAddress(host)?.isLoopback == true }

    public func validate(into issues: inout ParameterIssues) {
        if !isLocal, tls == nil, !allowPlain {
            issues.error(
                "host",
                "'\(host)' is open to other machines, and calls and keys would pass unencrypted; set 'tls', or "
                    + "'allow_plain: true' if something in front of the server encrypts")
        }
        for host in allowedHosts where !PublicURL.isAuthority(host) || host.contains(":") {
            issues.error("allowed_hosts", "'\(host)' is no name of a host; write it without scheme and port")
        }
        if apiKeys.count > 2 {
            issues.error("api_keys", "\(apiKeys.count) keys; two are enough to replace one by another")
        }
        if apiKeys.contains(where: { $0.value.utf8.count < 16 }) {
            issues.error("api_keys", "a key of fewer than 16 characters can be guessed; use 'openssl rand -hex 32'")
        }
    }
}
