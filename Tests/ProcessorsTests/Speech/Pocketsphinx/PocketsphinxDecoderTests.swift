// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

private let commands = """
    #JSGF V1.0; grammar commands;
    public <command> = go (forward | backward) [<number> (meter | meters)];
    <number> = one | two | five | ten;
    """

private let cards = """
    #JSGF V1.0; grammar cards;
    public <cards> = <card> [<card> [<card>]] | <rank> <card> | <rank> <rank>;
    <card> = <rank> of <suit>;
    <suit> = clubs | hearts | diamonds | spades;
    <rank> = ace | two | three | four | five | six | seven | eight | nine | ten | jack | queen | king;
    """

@Suite(.enabled(if: RecordedSpeech.isInstalled, Comment(rawValue: RecordedSpeech.reason)))
struct PocketsphinxDecoderTests {
    private let forward: [Int16]

    init() throws {
        forward = try RecordedSpeech.samples("goforward.raw")
    }

    @Test func hearsAPhraseOfItsGrammarWithWordTimes() throws {
        let heard = try PocketsphinxDecoder(.init(.grammar(commands))).recognize(forward)
        #expect(heard.text == "go forward ten meters")
        #expect(!heard.isRejected)
        #expect(heard.words.map(\.text) == ["go", "forward", "ten", "meters"])
        #expect(heard.words.allSatisfy { $0.start < $0.end && $0.end <= .milliseconds(2800) })
        #expect(zip(heard.words, heard.words.dropFirst()).allSatisfy { $0.end <= $1.start })
        #expect(abs((heard.words[0].start - .milliseconds(460)) / .milliseconds(1)) < 60)
    }

    @Test(arguments: [
        ("cards/001.wav", "ten of clubs"), ("cards/002.wav", "four queen of clubs"),
        ("cards/003.wav", "seven of clubs"), ("cards/004.wav", "five five"),
        ("cards/005.wav", "eight of spades four of clubs seven of hearts"),
    ])
    func hearsHumanSpeech(file: String, text: String) throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(cards)))
        #expect(try decoder.recognize(RecordedSpeech.samples(file)).text == text)
    }

    @Test(arguments: ["numbers.raw", "something.raw", "cards/001.wav", "cards/005.wav"])
    func rejectsSpeechOutsideTheGrammar(file: String) throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(commands)))
        let heard = try decoder.recognize(RecordedSpeech.samples(file))
        #expect(heard.isRejected)
        #expect(heard.text.isEmpty && heard.words.isEmpty)
        #expect(heard.closest.hasPrefix("go "))
    }

    @Test func acceptsAnythingWithoutAThreshold() throws {
        var configuration = PocketsphinxConfiguration(.grammar(commands))
        configuration.rejection = nil
        let heard = try PocketsphinxDecoder(configuration).recognize(RecordedSpeech.samples("numbers.raw"))
        #expect(heard.text.hasPrefix("go "))
    }

    @Test func hearsNothingInSilence() throws {
        let heard = try PocketsphinxDecoder(.init(.grammar(commands))).recognize([Int16](repeating: 0, count: 16_000))
        #expect(heard.text.isEmpty && heard.words.isEmpty)
        #expect(try PocketsphinxDecoder(.init(.grammar(commands))).recognize([]).text.isEmpty)
    }

    @Test func anUtteranceAfterAResetIsHeardAsByANewDecoder() throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(commands)))
        let first = try decoder.recognize(forward)
        _ = try decoder.recognize(RecordedSpeech.samples("numbers.raw"))
        decoder.reset()
        #expect(try decoder.recognize(forward) == first)
    }

    @Test func resettingAbandonsAnOpenUtterance() throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(commands)))
        let first = try decoder.recognize(forward)
        decoder.reset()
        try decoder.start()
        try forward.withUnsafeBufferPointer { try decoder.process($0) }
        decoder.reset()
        #expect(decoder.partial() == "")
        #expect(try decoder.recognize(forward) == first)
    }

    @Test(arguments: [1, 7, 160, 320, 4000])
    func theResultDoesNotDependOnHowAudioIsCut(size: Int) throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(commands)))
        try decoder.start()
        for start in stride(from: 0, to: forward.count, by: size) {
            let piece = Array(forward[start..<min(start + size, forward.count)])
            try piece.withUnsafeBufferPointer { try decoder.process($0) }
        }
        #expect(try decoder.finish().text == "go forward ten meters")
    }

    @Test func partialsGrowTowardsTheSentence() throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(commands)))
        var partials: [String] = []
        try decoder.start()
        for start in stride(from: 0, to: forward.count, by: 320) {
            let piece = Array(forward[start..<min(start + 320, forward.count)])
            try piece.withUnsafeBufferPointer { try decoder.process($0) }
            let partial = decoder.partial()
            if !partial.isEmpty, partial != partials.last { partials.append(partial) }
        }
        #expect(partials.contains("go forward"))
        #expect(partials.last == "go forward ten meters")
    }

    @Test func refusesCallsOutOfOrder() throws {
        let decoder = try PocketsphinxDecoder(.init(.grammar(commands)))
        #expect(throws: PocketsphinxError.self) { try decoder.finish() }
        #expect(throws: PocketsphinxError.self) { try [1].withUnsafeBufferPointer { try decoder.process($0) } }
        try decoder.start()
        #expect(throws: PocketsphinxError.self) { try decoder.start() }
        #expect(try decoder.finish().text.isEmpty)
        #expect(throws: PocketsphinxError.self) { try decoder.finish() }
        #expect(try decoder.recognize(forward).text == "go forward ten meters")
    }

    @Test func namesAllUnknownWordsAtOnce() throws {
        let grammar = "#JSGF V1.0; grammar g; public <g> = hello zorkify | blorple /* not nextword */ now;"
        #expect(throws: PocketsphinxError.unknownWords(["zorkify", "blorple"])) {
            try PocketsphinxDecoder(.init(.grammar(grammar)))
        }
    }

    @Test func takesExtraPronunciations() throws {
        var configuration = PocketsphinxConfiguration(
            .grammar("#JSGF V1.0; grammar g; public <g> = goforward ten meters;"))
        configuration.pronunciations = ["goforward": ["G OW F AO R W ER D"]]
        #expect(try PocketsphinxDecoder(configuration).recognize(forward).text == "goforward ten meters")
        configuration.pronunciations = ["goforward": ["G OW QQ"]]
        #expect(throws: PocketsphinxError.invalidPronunciation(word: "goforward", phones: "G OW QQ")) {
            try PocketsphinxDecoder(configuration)
        }
    }

    @Test(arguments: [
        "", "hello", "#JSGF V1.0; grammar g; public <g> = go (forward;", "#JSGF V1.0; grammar g; <g> = go;",
    ])
    func refusesWhatIsNoGrammar(text: String) throws {
        #expect(throws: PocketsphinxError.invalidGrammar) { try PocketsphinxDecoder(.init(.grammar(text))) }
    }

    @Test func namesAMissingModel() throws {
        var configuration = PocketsphinxConfiguration(.grammar(commands))
        configuration.model.directory = "/nowhere"
        #expect(throws: PocketsphinxError.missingFile(path: "/nowhere/mdef")) {
            try PocketsphinxDecoder(configuration)
        }
        configuration = .init(.dictation)
        configuration.model.languageModel = "/nowhere.lm.bin"
        #expect(throws: PocketsphinxError.missingFile(path: "/nowhere.lm.bin")) {
            try PocketsphinxDecoder(configuration)
        }
    }

    @Test func takesDictation() throws {
        let heard = try PocketsphinxDecoder(.init(.dictation)).recognize(forward)
        #expect(heard.text == "go forward ten meters")
        #expect(!heard.isRejected)
    }
}
