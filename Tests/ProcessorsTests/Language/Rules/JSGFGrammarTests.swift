// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
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
}
