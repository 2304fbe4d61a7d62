// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit
import Processors

/// What is sent for a call, and what an answer means; without a network.
enum HTTPToolExchange {
    /// Bytes of an answer that are read.
    static let maxResponseBytes = 1 << 20

    /// The request for a call.
    ///
    /// - Throws: ``PipelineError`` in words for the model.
    static func request(
        _ invocation: ToolInvocation, _ parameters: HTTPToolParameters
    ) throws(PipelineError) -> ProviderRequest {
        guard let template = URLTemplate(parameters.url) else {
            throw PipelineError(.bug, "the URL of '\(parameters.name)' is none")
        }
        var arguments: [JSONValue.Member] = []
        if case .object(let members) = invocation.arguments { arguments = members }
        let url = try url(template, &arguments, parameters)
        var request = ProviderRequest(parameters.method.rawValue.uppercased(), url: url)
        request.headers = parameters.headers.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), $0.value.value) }
        if parameters.method.hasBody {
            add("content-type", "application/json", to: &request)
            request.body = ByteBuffer(string: JSONValue.object(arguments).description)
        }
        if parameters.effectInUse == .write {
            add("idempotency-key", invocation.idempotencyKey, to: &request)
        }
        return request
    }

    /// Adds a header, unless the pipeline file says what it is.
    private static func add(_ name: String, _ value: String, to request: inout ProviderRequest) {
        if !request.headers.contains(where: { $0.name == name }) { request.headers.append((name, value)) }
    }

    private static func url(
        _ template: URLTemplate, _ arguments: inout [JSONValue.Member], _ parameters: HTTPToolParameters
    ) throws(PipelineError) -> String {
        var url = ""
        for piece in template.pieces {
            switch piece {
            case .text(let text): url += text
            case .argument(let name):
                let value = arguments.first { $0.key == name }.map { text($0.value) } ?? ""
                guard !value.isEmpty, value != ".", value != ".." else {
                    throw PipelineError(.badInput, "the argument '\(name)' is missing or cannot be used")
                }
                url += encoded(value)
            }
        }
        arguments.removeAll { template.names.contains($0.key) }
        guard !parameters.method.hasBody, !arguments.isEmpty else { return url }
        let query = arguments.map { "\(encoded($0.key))=\(encoded(text($0.value)))" }.joined(separator: "&")
        return url + (url.contains("?") ? "&" : "?") + query
    }

    private static func text(_ value: JSONValue) -> String { value.text ?? value.description }

    /// RFC 3986, 2.3: everything but what is unreserved is encoded, so that a value stays one segment.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            let scalar = Unicode.Scalar(byte)
            let character = Character(scalar)
            if scalar.isASCII, character.isLetter || character.isNumber || "-._~".contains(character) {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }

    /// What the model is told of an answer.
    ///
    /// - Throws: ``PipelineError`` when the answer is no success, or has no such part.
    static func result(
        status: Int, _ content: ByteBuffer, _ parameters: HTTPToolParameters
    ) throws(PipelineError) -> String {
        guard (200..<300).contains(status) else {
            let reason = ErrorText(content).line(Redaction(secrets(parameters)))
            throw PipelineError(.provider, "the endpoint answered with status \(status)\(reason)")
        }
        guard !parameters.result.isEmpty else { return String(buffer: content) }
        guard let path = ResultPath(parameters.result), let json = try? JSONValue(parsing: content.readableBytesView)
        else {
            throw PipelineError(.provider, "the answer of the endpoint is not JSON")
        }
        guard let part = path.part(of: json) else {
            throw PipelineError(.provider, "the answer of the endpoint has no '\(parameters.result)'")
        }
        return text(part)
    }

    /// What an endpoint might repeat: a header as it stands, and the key behind its scheme.
    private static func secrets(_ parameters: HTTPToolParameters) -> [Secret<String>] {
        parameters.headers.values.flatMap { header in
            [header] + header.value.split(separator: " ").map { Secret(String($0)) }
        }
    }
}

/// The way to a part of a JSON value, such as `data.items[0].name`.
struct ResultPath {
    private enum Step {
        case member(String)
        case element(Int)
    }

    private var steps: [Step] = []

    /// Reads a path; an empty one is the whole value, and `nil` is returned for what is none.
    init?(_ text: String) {
        guard !text.isEmpty else { return }
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !(name.isEmpty && pieces.count == 1) else { return nil }
            if !name.isEmpty { steps.append(.member(String(name))) }
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else {
                    return nil
                }
                steps.append(.element(index))
            }
        }
    }

    /// The part, if there is one.
    func part(of value: JSONValue) -> JSONValue? {
        steps.reduce(value as JSONValue?) { value, step in
            switch (value, step) {
            case (.object?, .member(let name)): return value?[name]
            case (.array(let elements)?, .element(let index)):
                return index < elements.count ? elements[index] : nil
            default: return nil
            }
        }
    }
}
