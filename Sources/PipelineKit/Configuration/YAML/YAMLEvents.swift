// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CYAML

/// What the parser found next.
enum YAMLEvent {
    /// A document begins.
    case documentStart
    /// A document ends.
    case documentEnd
    /// Nothing more comes.
    case streamEnd
    /// A value without parts.
    case scalar(YAMLScalar, anchor: String?)
    /// A reference to an anchor.
    case alias(String)
    /// A list begins.
    case sequenceStart(anchor: String?, tag: String?)
    /// A list ends.
    case sequenceEnd
    /// A mapping begins.
    case mappingStart(anchor: String?, tag: String?)
    /// A mapping ends.
    case mappingEnd
}

/// Text that is not YAML.
struct YAMLSyntaxError: Error {
    /// What libyaml found wrong.
    var problem: String
    /// The line, from 0.
    var line: Int
    /// The column, from 0.
    var column: Int
    /// The offset in bytes, where libyaml's reader objects to a single character.
    var offset: Int?
    /// What libyaml was reading.
    var context: String?
    /// The line where that began, from 0.
    var contextLine: Int
    /// The column where that began, from 0.
    var contextColumn: Int
}

/// Pulls events out of libyaml, one at a time.
///
/// All unsafe access to libyaml is here.
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// Begins to read UTF-8 text.
    init(_ bytes: some Collection<UInt8>) {
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(fromContentsOf: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { fatalError("out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event and where it begins (line and column from 0).
    ///
    /// - Throws: ``YAMLSyntaxError`` where the text is not YAML; nothing can be read behind it.
    func next() throws(YAMLSyntaxError) -> (event: YAMLEvent, line: Int, column: Int) {
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError }
            defer { yaml_event_delete(&event) }
            if let found = Self.translate(event) {
                return (found, event.start_mark.line, event.start_mark.column)
            }
        }
    }

    private var syntaxError: YAMLSyntaxError {
        let state = parser.pointee
        let isReader = state.error == YAML_READER_ERROR
        return YAMLSyntaxError(
            problem: state.problem.map { String(cString: $0) } ?? "out of memory",
            line: state.problem_mark.line, column: state.problem_mark.column,
            offset: isReader ? state.problem_offset : nil,
            context: state.context.map { String(cString: $0) },
            contextLine: state.context_mark.line, contextColumn: state.context_mark.column)
    }

    private static func translate(_ event: yaml_event_t) -> YAMLEvent? {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_ALIAS_EVENT: .alias(string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: .scalar(scalar(event), anchor: string(event.data.scalar.anchor))
        case YAML_SEQUENCE_START_EVENT:
            .sequenceStart(anchor: string(event.data.sequence_start.anchor), tag: string(event.data.sequence_start.tag))
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            .mappingStart(anchor: string(event.data.mapping_start.anchor), tag: string(event.data.mapping_start.tag))
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_STREAM_START_EVENT: nil
        default: .streamEnd
        }
    }

    private static func scalar(_ event: yaml_event_t) -> YAMLScalar {
        let scalar = event.data.scalar
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        return YAMLScalar(
            String(decoding: bytes, as: UTF8.self),
            isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE, tag: string(scalar.tag))
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }
}
