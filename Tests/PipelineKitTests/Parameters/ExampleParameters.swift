// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// Parameters with one property of every kind.
struct ExampleParameters: ProcessorParameters {
    enum Policy: String, ParameterChoice {
        case block
        case dropOldest = "drop_oldest"

        var summary: String {
            switch self {
            case .block: "the source waits"
            case .dropOldest: "drops the oldest audio; speech may lose its beginning"
            }
        }
    }

    struct Filter: ParameterGroup {
        var cutoff = 300
        var isOn = true

        static let template = Self()
        static let schema = ParameterSchema<Self>(
            .optional("cutoff_hz", \.cutoff, in: 20...20_000, "Frequency below which the filter attenuates."),
            .optional("enabled", \.isOn, "Whether the filter works."))
    }

    var name: String
    var threshold = -45.0
    var retries = 3
    var isLoud = false
    var hangover = Duration.milliseconds(200)
    var policy = Policy.block
    var key = Secret("none")
    var words = FileReference("words.txt")
    var filter = Filter()
    var filters: [Filter] = []
    var ratios: [Double] = [0.5]
    var labels: [String: Int] = [:]
    var limit: Int?
    var rules: YAMLNode?

    static let template = Self(name: "front desk")
    static let schema = ParameterSchema<Self>(
        .required("name", \.name, "What it is called."),
        .optional("threshold_dbfs", \.threshold, in: -90...0, "Level at or above which the gate opens."),
        .optional("retries", \.retries, in: 1..., "Attempts."),
        .optional("loud", \.isLoud, "Whether it shouts."),
        .optional("hangover", \.hangover, in: .zero ... .seconds(2), "Time the gate stays open."),
        .optional("when_full", \.policy, "What a full queue does."),
        .optional("api_key", \.key, "Key of the service."),
        .optional("words", \.words, "Words to listen for."),
        .optional("filter", \.filter, "The first filter."),
        .optional("filters", \.filters, "More filters."),
        .optional("ratios", \.ratios, in: 0...1, "Ratios."),
        .optional("labels", \.labels, in: 0...9, "Numbers of labels."),
        .optional("limit", \.limit, in: 1...100, "Most frames, if there is a limit."),
        .optional("rules", \.rules, "Rules."))

    func validate(into issues: inout ParameterIssues) {
        if hangover > .seconds(1), policy == .block {
            issues.error("hangover", "more than 1s needs 'when_full: drop_oldest'")
        }
        if isLoud { issues.warning("loud", "shouting annoys callers") }
    }
}
