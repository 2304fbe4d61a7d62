// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// How long the parts of an exchange may take.
package struct ProviderTimeouts: Sendable, Equatable {
    /// Until a socket is open.
    package var connect = Duration.seconds(3)
    /// From the request to the first thing that can be used.
    package var firstByte = Duration.seconds(5)
    /// Between two pieces.
    package var idle = Duration.seconds(10)
    /// For everything together.
    package var total = Duration.seconds(60)

    /// Creates the defaults, or others.
    package init(
        connect: Duration = .seconds(3), firstByte: Duration = .seconds(5), idle: Duration = .seconds(10),
        total: Duration = .seconds(60)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}

/// What every adapter has to be told: where its provider is, who asks, and how long it may take.
///
/// An adapter has one as a stored property, and a line for each part that it uses:
///
///     var provider = ProviderParameters(baseURL: "https://api.example.com/v1")
///     static let schema = ParameterSchema<Self>(
///         .baseURL(\.provider.baseURL), .apiKey(\.provider.apiKey), .firstByteTimeout(\.provider.timeouts.firstByte))
package struct ProviderParameters: Sendable {
    /// Where the provider is, up to the path that adapters append to.
    package var baseURL: String
    /// Who asks.
    package var apiKey: Secret<String>?
    /// How long it may take.
    package var timeouts: ProviderTimeouts

    /// Creates parameters.
    package init(baseURL: String, apiKey: Secret<String>? = nil, timeouts: ProviderTimeouts = ProviderTimeouts()) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.timeouts = timeouts
    }

    /// The address of something under ``baseURL``.
    package func url(_ path: String) -> String {
        var base = baseURL[...]
        while base.last == "/" { base = base.dropLast() }
        return base + path
    }
}

extension ParameterLine {
    /// A property of the parameters.
    package typealias Property<Value> = any WritableKeyPath<Root, Value> & Sendable

    /// The line of ``ProviderParameters/baseURL``.
    package static func baseURL(_ property: Property<String>) -> Self {
        .optional("base_url", property, "Where the service is; the path is kept, and what is called is appended to it.")
    }

    /// The line of ``ProviderParameters/apiKey``.
    package static func apiKey(_ property: Property<Secret<String>?>) -> Self {
        .optional("api_key", property, "The account's key; a server of one's own may need none.")
    }

    /// The line of ``ProviderTimeouts/connect``.
    package static func connectTimeout(_ property: Property<Duration>) -> Self {
        .optional(
            "connect_timeout", property, in: .milliseconds(10) ... .seconds(60),
            "Time until a connection must be open, its handshake included.")
    }

    /// The line of ``ProviderTimeouts/firstByte``.
    package static func firstByteTimeout(_ property: Property<Duration>) -> Self {
        .optional(
            "first_byte_timeout", property, in: .milliseconds(10) ... .seconds(600),
            "Time from a request to the first of its answer that can be used, the connection included.")
    }

    /// The line of ``ProviderTimeouts/idle``.
    package static func idleTimeout(_ property: Property<Duration>) -> Self {
        .optional(
            "idle_timeout", property, in: .milliseconds(10) ... .seconds(600),
            "Time within which more of an answer must come.")
    }

    /// The line of ``ProviderTimeouts/total``.
    package static func totalTimeout(_ property: Property<Duration>) -> Self {
        .optional(
            "total_timeout", property, in: .milliseconds(10) ... .seconds(3600),
            "Time within which an answer must be complete.")
    }
}

extension ParameterIssues {
    /// Reports an address that is none of HTTP's.
    package mutating func checkBaseURL(_ url: String, schemes: [String] = ["http", "https"]) {
        guard let end = url.firstRange(of: "://"), schemes.contains(url[..<end.lowerBound].lowercased()),
            let first = url[end.upperBound...].first, first.isLetter || first.isNumber || first == "["
        else {
            let first = schemes.first ?? ""
            return error("base_url", "it is no address; write one such as \(first)://127.0.0.1:8080")
        }
        if url.contains("?") || url.contains("#") || url.contains("@") {
            error("base_url", "it has a query, a fragment or a user; write the path alone, and the key as api_key")
        }
    }
}
