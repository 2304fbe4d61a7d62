// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What a YAML file may cost; beyond it the file is refused with a located error.
public struct YAMLLimits: Sendable {
    /// Size of a file in bytes.
    ///
    /// A larger one is refused before it is read.
    public var fileBytes = 1 << 20
    /// Depth of lists and mappings within each other.
    public var depth = 64
    /// Number of values, those that aliases and merge keys repeat included.
    public var nodes = 100_000

    /// Creates the default limits.
    public init() {}
}
