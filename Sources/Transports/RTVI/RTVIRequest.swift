// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PipelineKit

/// A message of an RTVI client.
///
/// Parsed from bytes that nobody has checked; does no I/O. What other protocols or newer clients send is `ignored`.
struct RTVIRequest: Equatable {
    /// What the client wants.
    enum Kind: Equatable {
        /// The client is set up; the version that it speaks, if it says so.
        case ready(version: String?)
        /// The client hangs up.
        case disconnect
        /// Something that the application defines.
        case message(name: String)
        /// The user typed.
        case text(String)
        /// The user's voice, linear samples of 16 bits.
        case audio(RTVIFrame.Audio)
        /// The user pressed keys.
        case keys([DTMF])
        /// A function that the client carried out has a result.
        case functionResult(callID: String)
        /// Nothing that is of use here.
        case ignored
    }

    /// The value of `label` that marks RTVI messages.
    static let label = "rtvi-ai"
    /// Characters of typed text.
    static let longestText = 4000
    private static let mostKeys = 32
    private static let longestID = 128

    /// What answers bear too.
    var id: String?
    /// What the client wants.
    var kind: Kind

    /// Reads a message.
    init(_ bytes: some Collection<UInt8>) throws(RTVIError) {
        let message: JSONValue
        do { message = try JSONValue(parsing: bytes, maxDepth: 32) } catch {
            throw RTVIError(nil, "a message is not JSON: \(error)")
        }
        guard message["label"]?.string == Self.label, let type = message["type"]?.string else {
            kind = .ignored
            return
        }
        id = message["id"]?.string.map { String($0.prefix(Self.longestID)) }
        let data = message["data"] ?? .null
        do { kind = try Self.kind(type, data) } catch { throw RTVIError(id, error.message) }
    }

    private static func kind(_ type: String, _ data: JSONValue) throws(RTVIError) -> Kind {
        switch type {
        case "client-ready": return .ready(version: data["version"]?.string)
        case "disconnect-bot": return .disconnect
        case "client-message":
            guard let name = data["t"]?.string else { throw RTVIError(nil, "'client-message' wants a string 't'") }
            return .message(name: name)
        case "send-text": return .text(try text(data))
        case "append-to-context":
            guard data["role"]?.string == "user" else {
                throw RTVIError(nil, "'append-to-context' takes the role 'user' alone; send 'send-text' instead")
            }
            return .text(try text(data))
        case "raw-audio": return .audio(try audio(data, [data["base64Audio"]]))
        case "raw-audio-batch":
            return .audio(try audio(data, data["base64AudioBatch"]?.array.map { $0.map(Optional.some) } ?? [nil]))
        case "dtmf": return .keys(try keys(data))
        case "llm-function-call-result":
            guard let call = data["tool_call_id"]?.string else {
                throw RTVIError(nil, "'llm-function-call-result' wants a string 'tool_call_id'")
            }
            return .functionResult(callID: call)
        case "send-file": throw RTVIError(nil, "this pipeline takes no files; send text or audio")
        default: return .ignored
        }
    }

    private static func text(_ data: JSONValue) throws(RTVIError) -> String {
        guard let text = data["content"]?.string, !text.isEmpty, text.count <= longestText else {
            throw RTVIError(nil, "'content' is a text of 1 to \(longestText) characters")
        }
        let runs = data["options"]?["run_immediately"]?.bool ?? data["run_immediately"]?.bool ?? true
        guard runs else { throw RTVIError(nil, "text is always answered: 'run_immediately' cannot be false") }
        return text
    }

    private static func keys(_ data: JSONValue) throws(RTVIError) -> [DTMF] {
        let buttons = data["buttons"]?.array ?? data["button"].map { [$0] } ?? []
        var keys: [DTMF] = []
        for button in buttons.prefix(mostKeys) {
            guard let text = button.string, text.count == 1, let digit = text.first, let key = DTMF(digit) else {
                throw RTVIError(nil, "'buttons' is a list of keys, each one of 0123456789*#ABCD")
            }
            keys.append(key)
        }
        guard !keys.isEmpty, buttons.count <= mostKeys else {
            throw RTVIError(nil, "'dtmf' wants 1 to \(mostKeys) 'buttons'")
        }
        return keys
    }

    private static func audio(_ data: JSONValue, _ pieces: [JSONValue?]) throws(RTVIError) -> RTVIFrame.Audio {
        var samples = ByteBuffer()
        for piece in pieces {
            guard let text = piece?.string, let bytes = Base64.decode(text.utf8) else {
                throw RTVIError(nil, "audio is base64 in 'base64Audio', or a list of such texts in 'base64AudioBatch'")
            }
            samples.writeBytes(bytes)
        }
        let rate = data["sampleRate"]?.integer ?? 0
        let channels = data["numChannels"]?.integer ?? 1
        return RTVIFrame.Audio(
            samples: samples, rateHz: UInt64(clamping: rate), channels: UInt64(clamping: channels))
    }
}

/// What is wrong with a request.
struct RTVIError: Error, Equatable {
    /// The request's id, if it had one.
    var id: String?
    /// What is wrong, and what to do about it.
    var message: String

    init(_ id: String?, _ message: String) {
        self.id = id
        self.message = message
    }
}
