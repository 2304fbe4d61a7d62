// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a pipeline file may set of a processor: each property holds type and default, each line of the schema key, range
/// and meaning.
///
///     struct Parameters: ProcessorParameters {
///         var threshold = -45.0
///
///         static let template = Self()
///         static let schema = ParameterSchema<Self>(
///             .optional("threshold_dbfs", \.threshold, in: -90...0, "Level at or above which the gate opens.")
///         )
///     }
public protocol ProcessorParameters: Sendable {
    /// A complete instance: the defaults of all optional parameters, and an example for each required one.
    static var template: Self { get }
    /// One line for each stored property.
    static var schema: ParameterSchema<Self> { get }

    /// Checks rules between parameters.
    ///
    /// Called once each parameter by itself has been found right.
    func validate(into issues: inout ParameterIssues)
}

extension ProcessorParameters {
    public func validate(into issues: inout ParameterIssues) {}

    /// Reads parameters from a pipeline file; whatever is wrong with them is reported at once.
    ///
    /// - Parameters:
    ///   - node: The mapping; `nil` or a node without value if there is none.
    ///   - path: What the problems concern, usually the processor's id.
    ///   - mark: What to blame for a missing parameter.
    /// - Returns: The parameters, or `nil` if there was an error.
    public static func decode(
        _ node: YAMLNode?, path: String, at mark: SourceMark, into diagnostics: inout Diagnostics
    ) -> Self? {
        var decoder = ParameterDecoder(path: path)
        let value = schema.decode(node, at: mark, &decoder)
        diagnostics.merge(decoder.diagnostics)
        return value
    }

    /// The values of all secrets among the parameters: what must never be read in a log, an error or a record.
    public var secretValues: [String] { Self.schema.secrets(of: self) }

    /// The schema without its type, for a registry.
    public static var erasedSchema: AnyParameterSchema { AnyParameterSchema(Self.self) }
}

/// The parameters of a processor that has none.
public struct NoParameters: ProcessorParameters {
    public static let template = Self()
    public static let schema = ParameterSchema<Self>()

    /// Creates nothing.
    public init() {}
}
