// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// Makes a document of what the files say, and checks its structure.
struct PipelineDocumentBuilder {
    private let fragment: PipelineFragment
    private let file: String

    /// Takes what all files together say.
    init(_ fragment: PipelineFragment, file: String) {
        self.fragment = fragment
        self.file = file
    }

    /// The document; all problems that can be seen without knowing the processors are reported.
    func build(_ diagnostics: inout Diagnostics) -> PipelineDocument {
        var decoder = ParameterDecoder(path: "")
        let name = name(&decoder)
        let limits = decoder.key("limits") {
            PipelineLimits.schema.decode(fragment.limits, at: SourceMark(file: file), &$0)
        }
        let records = decoder.key("records") {
            PipelineRecords.schema.decode(fragment.records, at: SourceMark(file: file), &$0)
        }
        let server = decoder.key("server") {
            PipelineServer.schema.decode(fragment.server, at: SourceMark(file: file), &$0)
        }
        // A list that holds only what could not be understood has been reported already.
        if fragment.entries.isEmpty, !diagnostics.contains(where: { $0.path.hasPrefix("processors") }) {
            reportEmpty(&decoder)
        }
        let entries = EntryResolver(fragment.entries).resolve(&decoder)
        diagnostics.merge(decoder.diagnostics)
        return PipelineDocument(
            file: file, name: name, transports: fragment.transports, limits: limits ?? PipelineLimits(),
            entries: entries, plugins: fragment.plugins, tests: fragment.tests, records: records ?? PipelineRecords(),
            server: server ?? PipelineServer())
    }

    private func name(_ decoder: inout ParameterDecoder) -> String {
        decoder.key("pipeline") { decoder in
            guard let node = fragment.name else {
                decoder.error("the pipeline has no name; add 'pipeline: front_desk'", at: SourceMark(file: file))
                return ""
            }
            guard let name = node.scalar?.text, PipelineFragment.isName(name) else {
                return decoder.mismatch("a name of letters, digits, '_' and '-'", node) ?? ""
            }
            return name
        }
    }

    private func reportEmpty(_ decoder: inout ParameterDecoder) {
        decoder.key("processors") { decoder in
            let message = "there are no processors; add some, such as '- caller:' and '- speaker:'"
            decoder.error(message, at: fragment.processorsMark ?? SourceMark(file: file))
        }
    }
}
