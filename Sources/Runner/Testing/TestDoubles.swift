// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import ProviderDoubles

/// `doubles:` of a test: what the providers do that the pipeline names.
///
/// A test never reaches a provider, whether it says anything of doubles or not.
struct TestDoubles: ParameterGroup {
    /// What recognisers hear.
    var hears: [String] = []
    /// What models answer.
    var says = ["How can I help?"]
    /// Time before the first word of each answer.
    var latency = Duration.zero
    /// What goes wrong.
    var faults: [TestFault] = []

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .optional(
            "hears", \.hears, "What recognisers hear, an utterance each, whatever is said; over again after the last."),
        .optional("says", \.says, "What models answer, one after the other; the last one over and over."),
        .optional("latency", \.latency, in: .zero ... .seconds(60), "Time before the first word of each answer."),
        .optional(
            "faults", \.faults, "What goes wrong with the exchanges with providers, one each, in their order."))

    /// A network that behaves so.
    var network: DoubleNetwork {
        let network = DoubleNetwork()
        network.routes.add(
            DoubleScript(
                hears: hears, says: says.map { DoubleReply($0, after: latency) },
                faults: faults.map { ($0.fault, $0.of?.family) }))
        return network
    }
}

/// What goes wrong with one exchange with a provider; nothing at all if it is empty.
struct TestFault: ParameterGroup {
    /// Whose exchange it is.
    var of: Family?
    /// The status of an answer in the place of the provider's.
    var status: Int?
    /// How far the exchange gets before it hangs.
    var hang: Stage?
    /// Time by which the first content is late.
    var late: Duration?
    /// Bytes of content after which the connection breaks.
    var cutAfter: Int?

    /// What providers are for.
    enum Family: String, ParameterChoice {
        case recogniser, model, voice

        var summary: String {
            switch self {
            case .recogniser: "a recogniser's"
            case .model: "a model's"
            case .voice: "a voice's"
            }
        }

        fileprivate var family: DoubleFamily {
            switch self {
            case .recogniser: .recogniser
            case .model: .model
            case .voice: .voice
            }
        }
    }

    /// Parts of an exchange.
    enum Stage: String, ParameterChoice {
        case connection, answer, content

        var summary: String {
            switch self {
            case .connection: "no connection comes about"
            case .answer: "the connection is there, and no answer comes"
            case .content: "the answer begins, and nothing follows"
            }
        }

        fileprivate var stage: DoubleFault.Stage {
            switch self {
            case .connection: .connect
            case .answer: .head
            case .content: .bytes(0)
            }
        }
    }

    static let template = Self()
    static let schema = ParameterSchema<Self>(
        .optional("of", \.of, "Whose next exchange it is; by default the next of anybody."),
        .optional("status", \.status, in: 400...599, "Status of an answer in the place of the provider's."),
        .optional("hang", \.hang, "How far the exchange gets before it hangs."),
        .optional("late", \.late, in: .zero ... .seconds(600), "Time by which the first content is late."),
        .optional(
            "cut_after_bytes", \.cutAfter, in: 0...10_000_000, "Bytes of content after which the connection breaks."))

    func validate(into issues: inout ParameterIssues) {
        let count = [status != nil, hang != nil, late != nil, cutAfter != nil].count { $0 }
        if count > 1 { issues.error("status", "an exchange has one fault; this one has \(count)") }
    }

    /// The fault of the network.
    var fault: DoubleFault {
        if let status { return .status(status) }
        if let hang { return .hang(at: hang.stage) }
        if let late { return .slow(late) }
        return cutAfter.map { .cut(after: $0) } ?? .none
    }
}
