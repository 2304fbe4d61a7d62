// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// What every model is told, whoever runs it.
package struct ModelSettings: Sendable {
    /// Which model.
    package var name: String
    /// The longest answer.
    package var maxTokens: Int?
    /// How freely it chooses its words.
    package var temperature: Double?
    /// What else the request bears.
    package var extra: YAMLNode?
    /// More headers.
    package var headers: [String: Secret<String>] = [:]
    /// Whether a connection is opened before the first turn.
    package var warmsUp = true
    /// How long a model that is being loaded is waited for.
    package var loadTimeout = Duration.seconds(30)

    /// Creates settings with the service's own defaults.
    package init(_ name: String, maxTokens: Int? = nil) {
        self.name = name
        self.maxTokens = maxTokens
    }

    /// Adds what the pipeline file says besides to a request, in the place of what is there.
    package func adding(to body: JSONValue) -> JSONValue {
        guard let members = body.members, let extra = extra?.encoded.members else { return body }
        let kept = members.filter { member in !extra.contains { $0.key == member.key } }
        return .object(kept + extra)
    }
}

extension ParameterLine {
    /// The line of ``ModelSettings/name``.
    package static func model(_ property: Property<String>) -> Self {
        .required("model", property, "Which model answers, by the service's own name for it.")
    }

    /// The line of ``ModelSettings/maxTokens``.
    package static func maxTokens(_ property: Property<Int?>) -> Self {
        .optional("max_tokens", property, in: 1...1_000_000, "Tokens after which an answer is cut off.")
    }

    /// The line of ``ModelSettings/temperature``.
    package static func temperature(_ property: Property<Double?>) -> Self {
        .optional(
            "temperature", property, in: 0...2,
            "How freely words are chosen; models that reason refuse it, so that it is sent only when set.")
    }

    /// The line of ``ModelSettings/extra``.
    package static func extra(_ property: Property<YAMLNode?>) -> Self {
        .optional("extra", property, "More members of the request, as the service documents them.")
    }

    /// The line of ``ModelSettings/headers``.
    package static func headers(_ property: Property<[String: Secret<String>]>) -> Self {
        .optional("headers", property, "More headers of requests, such as an organization's.")
    }

    /// The line of ``ModelSettings/warmsUp``.
    package static func warmsUp(_ property: Property<Bool>) -> Self {
        .optional(
            "warm_up", property, "Whether a connection is opened before the first turn, so that it costs no time.")
    }

    /// The line of ``ModelSettings/loadTimeout``.
    package static func loadTimeout(_ property: Property<Duration>) -> Self {
        .optional(
            "load_timeout", property, in: .zero ... .seconds(600),
            "How long a server that is still loading its model is waited for.")
    }
}

extension ParameterIssues {
    /// Reports what no service takes.
    package mutating func check(_ model: ModelSettings) {
        if model.name.isEmpty { error("model", "it is empty; write the service's name of a model") }
        if let extra = model.extra, extra.mapping == nil, !extra.isNull {
            error("extra", "it is no mapping; write members as 'name: value'")
        }
        for name in model.headers.keys where !name.isToken {
            error("headers", "'\(name)' is no name of a header; write letters, digits and hyphens")
        }
        for (name, value) in model.headers where value.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            error("headers", "the value of '\(name)' has a control character; take it out")
        }
    }
}

extension String {
    /// Whether this is a name of a header (RFC 9110, 5.6.2), but for characters that nobody uses.
    fileprivate var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}
