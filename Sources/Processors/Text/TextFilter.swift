// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Takes out of the model's text what cannot be spoken: Markdown, tags, emoji, code blocks, link targets.
///
/// Stands before `sentences`. However the model cuts its text into pieces, the result is the same. An interruption
/// drops what is held.
public struct TextFilter: Processor {
    public static let name = "text_filter"
    public static let summary =
        "Turns Markdown, emoji, code and links in the model's text into text that can be spoken."

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: [.frames(ModelText.self)], produces: [.frames(ModelText.self)])
    }

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// What is said of a web address.
        public var links = LinkReading.host
        /// What is said in place of a code block.
        public var codeBlock = ""

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional("links", \.links, "What is said of a web address that stands in the text."),
            .optional("code_block", \.codeBlock, "What is said in place of a block of code; empty for nothing.")
        )

        /// Creates the defaults.
        public init() {}
    }

    private var text: SpeakableText
    /// The frame that brought what is held.
    private var source: FrameHeader?

    /// Creates the processor of a session.
    public init(_ parameters: Parameters) {
        text = SpeakableText(links: parameters.links, codeBlock: parameters.codeBlock)
    }

    public var isIdle: Bool { text.isEmpty }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let piece = frame[ModelText.self] {
            source = frame.header
            emit(text.append(piece.text), &context)
        } else {
            if frame[ResponseEnded.self] != nil || frame[ResponseStarted.self] != nil { emit(text.flush(), &context) }
            context.emit(frame)
        }
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        if source?.isUninterruptible != true { text.reset() }
    }

    public mutating func finish(_ context: inout ProcessorContext) { emit(text.flush(), &context) }

    private func emit(_ piece: String, _ context: inout ProcessorContext) {
        guard !piece.isEmpty else { return }
        context.emit(Frame(ModelText(piece), at: source?.mediaTime ?? context.now), causedBy: source)
    }
}
