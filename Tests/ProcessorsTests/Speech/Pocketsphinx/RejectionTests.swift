// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Processors

private let grammar = """
    #JSGF V1.0; grammar desk;
    public <request> = [hello] (<book> | <ask> | <day> | <time>) [please];
    <book> = i would like to book an appointment [on <day>] [at <time>] | i need a haircut [on <day>];
    <ask> = what are your opening hours | what is your address | cancel my appointment;
    <day> = monday | tuesday | wednesday | thursday | friday;
    <time> = (two | three | four | five) (o'clock | thirty | in the afternoon);
    """

private let inside = [
    "i would like to book an appointment", "i need a haircut on friday", "what are your opening hours",
    "what is your address", "cancel my appointment", "three in the afternoon",
]

private let outside = [
    "the weather is nice in the mountains today", "my brother plays football with his friends",
    "i think the train leaves from platform seven", "the dog is barking at the neighbors again",
    "put the box on the table", "dinner will be ready in twenty minutes",
]

@Suite(.enabled(if: RecordedSpeech.isInstalled, Comment(rawValue: RecordedSpeech.reason)))
struct RejectionTests {
    /// What each voice is heard as, saying each sentence.
    private func heard(_ sentences: [String]) throws -> [(said: String, heard: Recognition)] {
        let decoder = try PocketsphinxDecoder(.init(.grammar(grammar)))
        return try [FliteVoice.Name.slt, .rms, .kal16].flatMap { name in
            let voice = try FliteVoice(name)
            return try sentences.map { ($0, try decoder.recognize(voice.samples(of: $0))) }
        }
    }

    @Test func acceptsMostOfWhatIsInTheGrammar() throws {
        let heard = try heard(inside)
        #expect(heard.filter { $0.heard.text == $0.said }.count >= 15, "of 18")
        #expect(heard.allSatisfy { $0.heard.text.isEmpty || $0.heard.text == $0.said })
    }

    @Test func rejectsNearlyAllOfWhatIsNot() throws {
        let heard = try heard(outside)
        #expect(heard.filter { !$0.heard.text.isEmpty }.count <= 1, "of 18")
        #expect(heard.allSatisfy { !$0.heard.closest.isEmpty || $0.heard.text.isEmpty })
    }

    @Test func speechTakenForSilenceCountsAgainstTheSentence() {
        let word = RecognizedWord("yes", start: .zero, end: .milliseconds(100))
        let good = ScoredSegment(word: word, score: -40, frameCount: 10)
        #expect(RejectionThreshold.standard.accepts([good]))
        #expect(!RejectionThreshold.standard.accepts([good, ScoredSegment(word: nil, score: -60, frameCount: 30)]))
        #expect(!RejectionThreshold.standard.accepts([good, ScoredSegment(word: word, score: -101, frameCount: 10)]))
        #expect(RejectionThreshold.standard.accepts([ScoredSegment(word: nil, score: -900, frameCount: 30)]))
    }
}
