// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What every registered processor must do, whatever else it does.
///
///     for processor in registry.processors {
///         #expect(ProcessorConformance(processor).problems().isEmpty)
///     }
///
/// The declaration: the template survives being written as YAML and read again, defaults lie in range, every stored
/// property has a line, sentences end in a period, unknown keys are refused. The behaviour, fed with frames of every
/// kind: no error, the same output from a second one, no stale reply frame after an interruption in mid-output, an end
/// within the limits with data held, and nothing left behind.
public struct ProcessorConformance {
    private let processor: ProcessorDescriptor
    private let parameters: String?
    private let prepare: (SessionLoop) -> Void

    /// Examines a processor.
    ///
    /// - Parameters:
    ///   - parameters: YAML that takes the template's place where the behaviour is examined, for one that needs a file,
    ///     such as `rules: front_desk.rules.yaml`.
    ///   - prepare: Makes the loop ready, such as by lending it a network of doubles.
    public init(
        _ processor: ProcessorDescriptor, parameters: String? = nil,
        prepare: @escaping (SessionLoop) -> Void = { _ in }
    ) {
        self.processor = processor
        self.parameters = parameters
        self.prepare = prepare
    }

    /// What is wrong, one sentence each; empty if nothing is.
    public func problems() -> [String] { declarationProblems() + behaviourProblems() }

    /// What is wrong with the declaration.
    public func declarationProblems() -> [String] {
        var problems = processor.schema.problems()
        if !Self.isSnakeCase(processor.name) { problems.append("the name '\(processor.name)' is not snake_case") }
        if !processor.summary.hasSuffix(".") { problems.append("the summary does not end in a period") }
        let pads = processor.templatePads
        for type in (pads.consumes + pads.reads).map(\.frameType) + pads.produces.map(\.frameType) {
            if !Self.isSnakeCase(type) { problems.append("the frame type '\(type)' is not snake_case") }
        }
        return problems
    }

    /// What is wrong with the behaviour.
    public func behaviourProblems() -> [String] {
        let loop = SessionLoop.virtual()
        prepare(loop)
        var problems: [String] = []
        do {
            let plain = try ConformanceRun(processor, parameters: parameters, on: loop, isInterrupted: false)
            let again = try ConformanceRun(processor, parameters: parameters, on: loop, isInterrupted: false)
            let interrupted = try ConformanceRun(processor, parameters: parameters, on: loop, isInterrupted: true)
            problems = plain.problems + interrupted.problems
            if plain.output != again.output { problems.append("a second one gives other output for the same input") }
        } catch {
            return ["it cannot be made from its template: \(error)"]
        }
        loop.run(until: loop.virtualTime)
        return problems + LeakCheck.leftovers(on: loop)
    }

    private static func isSnakeCase(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLowercase || $0.isNumber) }
    }
}
