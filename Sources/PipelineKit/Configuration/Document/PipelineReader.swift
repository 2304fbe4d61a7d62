// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Reads pipeline files: includes, overrides, variables, and every check that needs no knowledge of processors.
public struct PipelineReader: Sendable {
    /// The environment from which variables are substituted; the `.env` file beside the pipeline adds what is missing.
    public var environment: [String: String]
    /// Overrides such as `brain.temperature=0.2`, from `--set`.
    public var overrides: [String]
    /// How grave a missing variable is: an error where the pipeline shall run, a warning where it is only checked.
    public var missingVariables: Diagnostic.Severity
    /// What a missing variable reads as, without a word about it; for rehearsals, which need no keys.
    public var placeholder: String?
    /// What files may cost.
    public var limits: YAMLLimits

    /// Creates a reader.
    public init(
        environment: [String: String] = [:], overrides: [String] = [],
        missingVariables: Diagnostic.Severity = .error, limits: YAMLLimits = YAMLLimits()
    ) {
        self.environment = environment
        self.overrides = overrides
        self.missingVariables = missingVariables
        self.limits = limits
    }

    /// Reads a file and all that it includes.
    ///
    /// - Returns: The document as far as it could be understood, so that further checks can report their problems too; it
    ///   must not be run if there are errors. `nil` if nothing could be understood.
    public func read(path: String, into diagnostics: inout Diagnostics) -> PipelineDocument? {
        var loader = IncludeLoader(reader: YAMLReader(limits: limits))
        let fragments = loader.load(path: path)
        diagnostics.merge(loader.diagnostics)
        return document(fragments, file: path, &diagnostics)
    }

    /// Reads text as if it were a file's, and all that it includes.
    ///
    /// - Returns: See ``read(path:into:)``.
    public func read(_ text: String, file: String, into diagnostics: inout Diagnostics) -> PipelineDocument? {
        var loader = IncludeLoader(reader: YAMLReader(limits: limits))
        let fragments = loader.load(text: text, file: file)
        diagnostics.merge(loader.diagnostics)
        return document(fragments, file: file, &diagnostics)
    }

    private func document(
        _ fragments: [PipelineFragment], file: String, _ diagnostics: inout Diagnostics
    ) -> PipelineDocument? {
        guard let first = fragments.first else { return nil }
        var merged = fragments.dropFirst().reduce(first) { $0.merging($1) }
        for (index, text) in overrides.enumerated() {
            Override(text, number: index + 1).apply(to: &merged, &diagnostics)
        }
        if !overrides.isEmpty {
            diagnostics.keepSource(SourceText(Array(overrides.joined(separator: "\n").utf8)), of: "--set")
        }
        let dotEnv = DotEnv.read(path: FileReference(".env", in: file).resolved, &diagnostics)
        var substitution = VariableSubstitution(
            environment: environment.merging(dotEnv) { own, _ in own }, severity: missingVariables,
            placeholder: placeholder)
        merged.substitute(&substitution)
        diagnostics.merge(substitution.diagnostics)
        return PipelineDocumentBuilder(merged, file: file).build(&diagnostics)
    }
}
