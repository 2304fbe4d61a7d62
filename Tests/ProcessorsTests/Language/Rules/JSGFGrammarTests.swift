// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Testing

@testable import Processors

@Suite struct JSGFGrammarTests {
    @Test func writesARuleForEachKindOfUtterance() throws {
        let text = """
            greeting: {say: Hello.}
            openers: []
            closers: [please]
            corrections: []
            agree: ["yes"]
            decline: ["no"]
            repeat: [say that again]
            cancel: {phrases: [never mind]}
            slots:
              drink:
                type: choice
                values: {tea: [], coffee: [espresso]}
                answers: ["[a] {drink}"]
            parts: {want: i would like}
            intents:
              order:
                phrases: ["<want> {drink}", i'm thirsty]
                ask: {drink: What would you like?}
                reply: "One {drink}."
            """
        var diagnostics = Diagnostics()
        let script = try #require(RulesScript.read(text, file: "bar.yaml", into: &diagnostics))
        #expect(
            JSGFGrammar.make(from: script) == """
                #JSGF V1.0;
                grammar agent;
                public <utterance> = <request> [please];
                <request> = <request_0> | <request_1> | <request_2> | <request_3> | <request_4> | <request_5> \
                | <request_6> | <request_7>;
                <request_0> = (<part_want> <slot_drink> | (i am | i'm) thirsty);
                <request_1> = [a] <slot_drink>;
                <request_2> = [a] <slot_drink>;
                <request_3> = [change] the drink;
                <request_4> = never mind;
                <request_5> = say that again;
                <request_6> = yes;
                <request_7> = no;
                <slot_drink> = (tea | (coffee | espresso));
                <part_want> = (i would | i'd) like;

                """)
        #expect(
            JSGFGrammar.words(of: script) == [
                "a", "again", "am", "change", "coffee", "drink", "espresso", "i", "i'd", "i'm", "like", "mind", "never",
                "no", "please", "say", "tea", "that", "the", "thirsty", "would", "yes",
            ])
    }

    @Test(arguments: 0..<10) func givesOnlySentencesThatTheAgentUnderstands(seed: UInt64) throws {
        let script = try FrontDesk.script()
        let sampler = GrammarSampler(JSGFGrammar.make(from: script))
        let interpreter = Interpreter(script)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let sentence = try #require(sampler.sentence(using: &generator))
            #expect(interpreter.meaning(of: sentence, expecting: Expectation()) != nil, "\(sentence)")
        }
    }

    @Test(.enabled(if: SpokenCommands.isModelInstalled, SpokenCommands.reason))
    func usesWordsOfTheDictionary() throws {
        let words = Set(JSGFGrammar.words(of: try FrontDesk.script()))
        let dictionary = try PronouncingDictionary(path: PocketsphinxConfiguration.Model().dictionary)
        #expect(words.subtracting(dictionary.pronunciations(of: words).keys).isEmpty)
        #expect(words.isSuperset(of: ["haircut", "o'clock", "a.m.", "i'd", "friday"]))
    }

    @Test(.enabled(if: SpokenCommands.isModelInstalled, SpokenCommands.reason))
    func isHeardByTheRecognizer() throws {
        let script = try FrontDesk.script()
        let interpreter = Interpreter(script)
        let decoder = try PocketsphinxDecoder(PocketsphinxConfiguration(.grammar(JSGFGrammar.make(from: script))))
        let silence = [Int16](repeating: 0, count: 4_800)
        for sentence in [
            "when are you open", "i would like to book an appointment", "on friday",
            "at three o'clock", "a haircut please", "a haircut on friday", "no make it four",
            "i need a haircut on friday at three",
            "what is your address", "yes that is right", "cancel my appointment", "thank you goodbye",
        ] {
            let heard = try decoder.recognize(silence + (try FliteVoice(.rms).samples(of: sentence)) + silence)
            let meaning = interpreter.meaning(of: heard.text, expecting: Expectation())
            #expect(meaning == interpreter.meaning(of: sentence, expecting: Expectation()), "\(sentence): \(heard)")
        }
    }
}
