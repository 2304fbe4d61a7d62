// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import ProviderDoubles
import Testing

@testable import Providers

@Suite struct SpeechCacheTests {
    private func key(_ text: String, rateHz: Int = 8000) -> SpeechCache.Key {
        SpeechCache.Key(voice: "voice", format: AudioFormat(rateHz: rateHz), text: text)
    }

    private func parts(milliseconds: Int) -> [SpeechCache.Part] {
        [.audio(.silence(.milliseconds(milliseconds), format: .telephone))]
    }

    @Test func keepsWhatWasUsedLast() {
        let cache = SpeechCache(capacityBytes: 3 * 2000)
        for text in ["a", "b", "c"] { cache.keep(parts(milliseconds: 100), for: key(text)) }
        #expect(cache.count == 3)
        #expect(cache.speech(for: key("a")) != nil)
        cache.keep(parts(milliseconds: 100), for: key("d"))
        #expect(cache.speech(for: key("b")) == nil)
        #expect(cache.speech(for: key("a")) == parts(milliseconds: 100))
        #expect(cache.byteCount <= cache.capacityBytes)
    }

    @Test func tellsFormatsApart() {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        cache.keep(parts(milliseconds: 20), for: key("a"))
        #expect(cache.speech(for: key("a", rateHz: 16_000)) == nil)
    }

    @Test func refusesWhatIsTooLong() {
        let cache = SpeechCache(capacityBytes: 1000)
        cache.keep(parts(milliseconds: 1000), for: key("a"))
        #expect(cache.count == 0)
        #expect(cache.byteCount == 0)
    }

    @Test func countsAReplacedSentenceOnce() {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        cache.keep(parts(milliseconds: 100), for: key("a"))
        let bytes = cache.byteCount
        cache.keep(parts(milliseconds: 100), for: key("a"))
        #expect(cache.byteCount == bytes)
    }

    @Test func letsOneSessionRender() {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        #expect(cache.beginRendering(key("a")))
        #expect(!cache.beginRendering(key("a")))
        cache.endRendering(key("a"))
        #expect(cache.beginRendering(key("a")))
    }

    @Test(arguments: SpeechVariant.allCases) func theSecondTimeNobodyIsAsked(_ variant: SpeechVariant) throws {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        let first = try variant.rig(cache: cache)
        let spoken = first.speak("Welcome to the desk.")
        #expect(first.leftovers().isEmpty)
        let second = try variant.rig(cache: cache)
        let before = second.network.journal.exchanges.map(\.received.count)
        let again = second.speak("Welcome to the desk.")
        #expect(again.bytes == spoken.bytes)
        #expect(again.texts == spoken.texts)
        #expect(second.figures("cache_hits") == [1])
        #expect(second.network.journal.exchanges.map(\.received.count) == before)
        #expect(second.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func aSentenceThatWasBrokenOffIsNotKept(_ variant: SpeechVariant) throws {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        let fault = DoubleFault.with { $0.gap = .milliseconds(20) }
        let rig = try variant.rig(faults: [fault, fault], cache: cache)
        rig.say("This one is never heard to its end.")
        rig.advance(by: .milliseconds(30))
        rig.interrupt()
        rig.advance(by: .seconds(10))
        #expect(cache.count == 0)
        #expect(rig.leftovers().isEmpty)
    }

    @Test(arguments: SpeechVariant.allCases) func greetingsAreThereBeforeTheyAreAskedFor(
        _ variant: SpeechVariant
    ) throws {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        let rig = try variant.rig(cache: cache, prerender: ["Good morning."])
        rig.advance(by: .seconds(5))
        #expect(rig.take().bytes.isEmpty)
        #expect(cache.count == 1)
        let asked = rig.network.journal.exchanges.map(\.received.count)
        #expect(rig.speak("Good morning.").bytes == variant.bytes(of: "Good morning."))
        #expect(rig.network.journal.exchanges.map(\.received.count) == asked)
        #expect(rig.errors.isEmpty)
        #expect(rig.leftovers().isEmpty)
    }

    @Test func theWordsOfAKeptSentenceFillItsAudio() throws {
        let cache = SpeechCache(capacityBytes: 1 << 20)
        let rig = try SpeechVariant.openAI.rig(cache: cache)
        _ = rig.speak("Welcome to the desk.")
        let words = rig.speak("Welcome to the desk.").words
        let end = try #require(words.last?.end)
        #expect(abs((end - .milliseconds(80)).milliseconds) < 1)
        #expect(rig.leftovers().isEmpty)
    }
}
