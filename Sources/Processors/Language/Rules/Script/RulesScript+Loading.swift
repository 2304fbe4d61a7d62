// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Why a rules file cannot be used: everything that is wrong with it.
package struct RulesError: Error, CustomStringConvertible {
    /// The problems, each with its place and remedy.
    package var diagnostics: Diagnostics

    /// All problems as text, each with the line at fault.
    package var description: String { diagnostics.rendered() }
}

extension RulesScript {
    /// Reads a rules file.
    ///
    /// - Throws: ``RulesError`` with all problems together.
    package static func load(_ file: FileReference) throws(RulesError) -> RulesScript {
        var diagnostics = Diagnostics()
        guard let script = read(path: file.resolved, into: &diagnostics) else {
            throw RulesError(diagnostics: diagnostics)
        }
        return script
    }

    /// Reads a rules file, and reports everything that is wrong with it.
    ///
    /// - Returns: The script, or `nil` if there was an error.
    package static func read(path: String, into diagnostics: inout Diagnostics) -> RulesScript? {
        script(YAMLReader().read(path: path, into: &diagnostics), file: path, into: &diagnostics)
    }

    /// Reads the text of a rules file.
    package static func read(_ text: String, file: String, into diagnostics: inout Diagnostics) -> RulesScript? {
        script(YAMLReader().read(text, file: file, into: &diagnostics), file: file, into: &diagnostics)
    }

    private static func script(
        _ node: YAMLNode?, file: String, into diagnostics: inout Diagnostics
    ) -> RulesScript? {
        guard let node else { return nil }
        let errorsBefore = diagnostics.errorCount
        guard let script = decode(node, path: "", at: SourceMark(file: file), into: &diagnostics) else { return nil }
        script.check(into: &diagnostics)
        return diagnostics.errorCount == errorsBefore ? script : nil
    }
}
