// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Makes words of the keys that the caller presses, so that a menu of keys is a conversation like any other.
///
/// Keys are gathered until they are an entry of the menu that is no other's beginning, until the end key, until there
/// are enough, or until a pause; they are then given on as if their words had been said. The first key silences the
/// agent. The keys themselves pass too. Where the transport gathers keys and tells them as words, these are not told
/// twice. Stands behind the caller.
///
///     - keypad: { menu: { "1": where are you, "2": book a haircut, "0": an operator please } }
public struct Keypad: Processor {
    public static let name = "keypad"
    public static let summary = "Makes words of the keys that the caller presses, by a menu or as digits."

    public struct Parameters: ProcessorParameters {
        public var menu: [String: String] = [:]
        public var endKey = "#"
        public var maxKeys = 32
        public var pause = Duration.seconds(2)

        /// Creates parameters with the defaults.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("menu", \.menu, "Keys, and the words that they stand for; others are told as digits."),
            .optional("end_key", \.endKey, "Key that ends what is pressed, and is not part of it; empty for none."),
            .optional("max_keys", \.maxKeys, in: 1...64, "How many keys are told at once at most."),
            .optional("pause", \.pause, in: .milliseconds(300) ... .seconds(30), "Pause that ends what is pressed.")
        )

        public func validate(into issues: inout ParameterIssues) {
            for keys in menu.keys.sorted() where keys.isEmpty || keys.contains(where: { DTMF($0) == nil }) {
                issues.error("menu", "\(keys.shown) is nothing that can be pressed; keys are 0-9, *, # and A-D")
            }
            if endKey.count > 1 || endKey.contains(where: { DTMF($0) == nil }) {
                issues.error("end_key", "\(endKey.shown) is no key; give one of 0-9, *, # and A-D, or nothing")
            }
        }
    }

    /// Time within which a transport tells the same keys as words.
    private static let echo = Duration.milliseconds(100)

    private let parameters: Parameters
    private var pressed = ""
    /// What was told last, and when: a transport may tell it again as words.
    private var told: (keys: String, time: MediaTime)?
    private var isAgentSpeaking = false

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(
            reads: [.frames(DTMF.self, required: false), .frames(Playback.self, required: false)],
            produces: [.frames(Transcript.self)])
    }

    public var isIdle: Bool { pressed.isEmpty }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let transcript = frame[Transcript.self], repeatsKeys(transcript, &context) { return }
        context.emit(frame)
        if let key = frame[DTMF.self]?.digit { press(key, &context) }
    }

    public mutating func receiveUpstream(_ frame: Frame, _ context: inout ProcessorContext) {
        switch frame[Playback.self] {
        case .started: isAgentSpeaking = true
        case .stopped: isAgentSpeaking = false
        default: break
        }
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) { tell(&context) }

    public mutating func finish(_ context: inout ProcessorContext) { tell(&context) }

    // MARK: Keys

    private mutating func press(_ key: Character, _ context: inout ProcessorContext) {
        if pressed.isEmpty, isAgentSpeaking { context.interrupt("the caller pressed a key") }
        if String(key) == parameters.endKey, parameters.menu[pressed + parameters.endKey] == nil {
            return tell(&context)
        }
        pressed.append(key)
        if isComplete { return tell(&context) }
        context.wake(at: context.now + parameters.pause)
    }

    /// Whether no further key can be meant.
    private var isComplete: Bool {
        if pressed.count >= parameters.maxKeys { return true }
        guard parameters.menu[pressed] != nil else { return false }
        return !parameters.menu.keys.contains { $0.count > pressed.count && $0.hasPrefix(pressed) }
    }

    private mutating func tell(_ context: inout ProcessorContext) {
        context.cancelWake()
        guard !pressed.isEmpty else { return }
        let words = parameters.menu[pressed] ?? pressed.map(String.init).joined(separator: " ")
        told = (pressed, context.now)
        pressed = ""
        context.emit(Transcript(words, isUtteranceEnd: true), at: context.now)
    }

    /// Whether words are the keys that were just pressed, told by a transport that has gathered them.
    private mutating func repeatsKeys(_ transcript: Transcript, _ context: inout ProcessorContext) -> Bool {
        let keys = transcript.text.filter { !$0.isWhitespace }
        guard transcript.isFinal, !keys.isEmpty, keys.allSatisfy({ DTMF($0) != nil }) else { return false }
        if !pressed.isEmpty, keys.hasSuffix(pressed) {
            tell(&context)
            return true
        }
        guard let told, context.now - told.time <= Self.echo, keys.hasSuffix(told.keys) else { return false }
        context.drop("told_by_keys")
        return true
    }
}
