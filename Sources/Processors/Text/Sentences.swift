// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// Gathers the model's text into sentences that can be spoken.
///
/// However the model cuts its text into pieces, the sentences are the same. A sentence leaves as soon as it is known
/// to be complete, the rest with the end of the reply. An interruption drops what is held.
public struct Sentences: Processor {
    public static let name = "sentences"
    public static let summary = "Gathers the model's text into sentences that can be spoken."

    public static func pads(_ parameters: Parameters) -> Pads {
        Pads(consumes: [.frames(ModelText.self)], produces: [.frames(Sentence.self)])
    }

    /// What a pipeline file may set.
    public struct Parameters: ProcessorParameters {
        /// Length from which a sentence is cut.
        public var maxLength = 300
        /// Whether the first clause of a reply is spoken by itself.
        public var firstClause = false
        /// Pause of the model that ends a sentence.
        public var flushAfter: Duration? = .milliseconds(400)

        public static let template = Self()
        public static let schema = ParameterSchema<Self>(
            .optional(
                "max_length", \.maxLength, in: 20...10_000,
                "Characters from which a sentence is cut, behind a comma if there is one."),
            .optional(
                "first_clause", \.firstClause,
                "Whether a reply's first clause of three words or more is spoken by itself, which starts speech sooner."
            ),
            .optional(
                "flush_after", \.flushAfter, in: .milliseconds(50) ... .seconds(10),
                "Pause of the model after which a sentence that seems complete is spoken."
            )
        )

        /// Creates the defaults.
        public init() {}
    }

    private let parameters: Parameters
    private var tokenizer: SentenceTokenizer
    /// The frame that brought what is held.
    private var source: FrameHeader?

    /// Creates the processor of a session.
    public init(_ parameters: Parameters) {
        self.parameters = parameters
        tokenizer = SentenceTokenizer(longest: parameters.maxLength, cutsFirstClause: parameters.firstClause)
    }

    public var isIdle: Bool { tokenizer.isEmpty }

    public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
        if let piece = frame[ModelText.self] {
            source = frame.header
            emit(tokenizer.append(piece.text), &context)
            scheduleFlush(&context)
        } else {
            if frame[ResponseEnded.self] != nil || frame[ResponseStarted.self] != nil { flush(&context) }
            context.emit(frame)
        }
    }

    public mutating func wake(_ id: Int, _ context: inout ProcessorContext) {
        emit(tokenizer.releaseComplete(), &context)
    }

    public mutating func interrupted(_ interruption: Interruption, _ context: inout ProcessorContext) {
        guard source?.isUninterruptible != true else { return }
        tokenizer.reset()
        context.cancelWake()
    }

    public mutating func finish(_ context: inout ProcessorContext) { flush(&context) }

    private mutating func flush(_ context: inout ProcessorContext) {
        context.cancelWake()
        emit(tokenizer.flush(), &context)
    }

    private func scheduleFlush(_ context: inout ProcessorContext) {
        guard let pause = parameters.flushAfter else { return }
        if tokenizer.isEmpty { context.cancelWake() } else { context.wake(at: context.now + pause) }
    }

    private func emit(_ sentences: [String], _ context: inout ProcessorContext) {
        for text in sentences {
            context.emit(Frame(Sentence(text), at: source?.mediaTime ?? context.now), causedBy: source)
        }
    }
}
