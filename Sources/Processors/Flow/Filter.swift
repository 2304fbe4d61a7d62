// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Lets frames of some types pass and drops the others.
///
/// Either `keep` names the types that pass, or `drop` those that do not. What is dropped is counted as `filtered`.
public struct Filter: Processor {
    public static let name = "filter"
    public static let summary = "Lets frames of some types pass and drops the others."

    public struct Parameters: ProcessorParameters {
        public var keep: [String] = []
        public var drop: [String] = []

        /// Creates parameters that let everything pass.
        public init() {}

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("keep", \.keep, "Names of the frame types that pass; all others are dropped."),
            .optional("drop", \.drop, "Names of the frame types that are dropped; all others pass.")
        )

        public func validate(into issues: inout ParameterIssues) {
            guard !keep.isEmpty, !drop.isEmpty else { return }
            issues.error("drop", "'keep' says already which frames pass; set one of the two")
        }

        func passes(_ frameType: String) -> Bool {
            keep.isEmpty ? !drop.contains(frameType) : keep.contains(frameType)
        }
    }

    private let parameters: Parameters

    public init(_ parameters: Parameters) { self.parameters = parameters }

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: parameters.drop.map { .frames(named: $0, required: false) })
    }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        guard parameters.passes(frame.frameType) else { return context.drop("filtered") }
        context.emit(frame)
    }
}
