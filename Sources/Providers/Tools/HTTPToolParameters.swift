// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// What a pipeline file may set of ``HTTPTool``.
struct HTTPToolParameters: ProcessorParameters {
    /// How the endpoint is asked.
    enum Method: String, ParameterChoice {
        case get, post, put, patch, delete

        var summary: String {
            switch self {
            case .get: "reads; arguments stand in the query"
            case .post: "writes; arguments stand in the body as JSON"
            case .put: "writes; arguments stand in the body as JSON"
            case .patch: "writes; arguments stand in the body as JSON"
            case .delete: "writes; arguments stand in the query"
            }
        }

        /// Whether the arguments stand in the body.
        var hasBody: Bool { self == .post || self == .put || self == .patch }
    }

    var name: String
    var description: String
    var arguments = ToolArguments()
    var method = Method.get
    var url: String
    var headers: [String: Secret<String>] = [:]
    var result = ""
    var effect: ToolPolicy.Effect?
    var onInterruption = ToolPolicy.OnInterruption.keep
    var deadline = Duration.seconds(10)

    static let template = Self(
        name: "weather", description: "Tells the weather of a city.",
        url: "https://weather.example/v1/now")
    static let schema = ParameterSchema<Self>(
        .required("name", \.name, "The name by which the model calls it."),
        .required("description", \.description, "What it does and when to call it, for the model."),
        .optional("arguments", \.arguments, "JSON Schema of the arguments."),
        .optional("method", \.method, "How the endpoint is asked."),
        .required("url", \.url, "The endpoint; {name} in its path is replaced by an argument."),
        .optional("headers", \.headers, "Headers of the request; their values are never shown."),
        .optional(
            "result", \.result,
            "Path of the part of a JSON answer that is the result, such as data.items[0]."),
        .optional(
            "effect", \.effect, "Whether it changes anything; by default what is not asked by GET does."),
        .optional(
            "on_interruption", \.onInterruption, "What becomes of a call whose turn is interrupted."),
        .optional(
            "deadline", \.deadline, in: .milliseconds(100) ... .seconds(120), "Time that a call may take."
        ))

    /// Whether it changes anything.
    var effectInUse: ToolPolicy.Effect { effect ?? (method == .get ? .read : .write) }

    func validate(into issues: inout ParameterIssues) {
        issues.checkTool(name: name, effectInUse, onInterruption)
        guard let template = URLTemplate(url) else {
            return issues.error(
                "url", "expected http:// or https://, a host and a path, with {name} in the path only")
        }
        for place in template.names where !arguments.names.contains(place) {
            issues.error("url", "'{\(place)}' is no argument; describe it under 'arguments'")
        }
        for header in headers.keys
        where !header.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
            issues.error("headers", "'\(header)' is no name of a header")
        }
        if headers.values.contains(where: { $0.value.utf8.contains { $0 < 0x20 } }) {
            issues.error("headers", "a value holds a line break or another control character; remove it")
        }
        if ResultPath(result) == nil {
            issues.error("result", "is no path; write it like data.items[0].name")
        }
    }
}

/// A URL with `{name}` in its path.
struct URLTemplate {
    /// A stretch of the URL.
    enum Piece: Equatable {
        case text(String)
        case argument(String)
    }

    private(set) var pieces: [Piece] = []

    /// Reads a URL; `nil` when it is none, or when an argument could stand outside of the path.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("#") else { return nil }
        let scheme = ["http://", "https://"].first { text.hasPrefix($0) }
        guard let scheme else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains(where: { "{}@\\".contains($0) }) else {
            return nil
        }
        var piece = scheme + authority
        var path = rest[authority.endIndex...]
        while let character = path.popFirst() {
            guard character == "{" else {
                guard character != "}" else { return nil }
                piece.append(character)
                continue
            }
            let name = path.prefix { $0 != "}" }
            guard !name.isEmpty, name.endIndex != path.endIndex, !piece.contains("?") else { return nil }
            pieces += [.text(piece), .argument(String(name))]
            piece = ""
            path = path[name.endIndex...].dropFirst()
            if pieces.contains(where: {
                if case .text(let text) = $0 { text.contains("?") } else { false }
            }) {
                return nil
            }
        }
        pieces.append(.text(piece))
    }

    /// The names of the arguments in it.
    var names: [String] {
        pieces.compactMap { if case .argument(let name) = $0 { name } else { nil } }
    }
}
