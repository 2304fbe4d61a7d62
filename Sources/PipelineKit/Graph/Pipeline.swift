// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A pipeline file that was read and found right: makes the plan of a session for whatever formats a call has.
public final class Pipeline: Sendable {
    /// What the file says.
    public let document: PipelineDocument
    /// The transports, in the file's order.
    public let transports: [any Transport]
    private let compiler: PipelineCompiler
    private let plans = Mutex<[CallFormats: CompiledPlan]>([:])
    private let recognisers = Mutex<[AudioFormat: Recogniser]>([:])

    private init(document: PipelineDocument, transports: [any Transport], compiler: PipelineCompiler) {
        self.document = document
        self.transports = transports
        self.compiler = compiler
    }

    /// Reads a file and checks all of it: syntax, parameters, and what flows along the links for each transport.
    ///
    /// - Returns: The pipeline; `nil` when it cannot be run, and `diagnostics` says why.
    public static func load(
        path: String, registry: ProcessorRegistry, reader: PipelineReader = PipelineReader(),
        into diagnostics: inout Diagnostics
    ) -> Pipeline? {
        guard let document = reader.read(path: path, into: &diagnostics) else { return nil }
        return load(document, registry: registry, into: &diagnostics)
    }

    /// Checks a document that was read.
    ///
    /// - Returns: The pipeline; `nil` when it cannot be run, and `diagnostics` says why.
    public static func load(
        _ document: PipelineDocument, registry: ProcessorRegistry, into diagnostics: inout Diagnostics
    ) -> Pipeline? {
        let compiler = PipelineCompiler(registry: registry)
        compiler.check(document, into: &diagnostics)
        let transports = compiler.transports(of: document, into: &diagnostics)
        guard !diagnostics.hasErrors else { return nil }
        return Pipeline(document: document, transports: transports, compiler: compiler)
    }

    /// The plan for calls of certain formats; made once for each.
    ///
    /// - Throws: ``PipelineProblems`` when the pipeline cannot work with these formats.
    public func plan(for formats: CallFormats) throws -> CompiledPlan {
        if let plan = plans.withLock({ $0[formats] }) { return plan }
        var diagnostics = Diagnostics()
        guard let plan = compiler.compile(document, formats: formats, into: &diagnostics) else {
            throw PipelineProblems(diagnostics: diagnostics)
        }
        plans.withLock { $0[formats] = plan }
        return plan
    }

    /// The words in a recording, as the pipeline's own recogniser understands them.
    ///
    /// Holds the calling thread for as long as the computation takes: call from the worker pool.
    ///
    /// - Throws: ``CallRefused`` when the pipeline has no recogniser, ``PipelineProblems`` when it cannot work with the
    ///   recording's format, what the recogniser throws.
    public func words(in recording: Audio) throws -> String {
        try recogniser(for: recording.format).words(in: recording)
    }

    private func recogniser(for format: AudioFormat) throws -> Recogniser {
        if let recogniser = recognisers.withLock({ $0[format] }) { return recogniser }
        var diagnostics = Diagnostics()
        guard let recogniser = compiler.recogniser(document, format: format, into: &diagnostics) else {
            if diagnostics.hasErrors { throw PipelineProblems(diagnostics: diagnostics) }
            throw CallRefused("the pipeline has no recogniser; add one, such as pocketsphinx_stt")
        }
        recognisers.withLock { $0[format] = recogniser }
        return recogniser
    }
}

/// A pipeline cannot work.
public struct PipelineProblems: Error, CustomStringConvertible {
    /// What is wrong.
    public let diagnostics: Diagnostics

    public var description: String { diagnostics.rendered() }
}
