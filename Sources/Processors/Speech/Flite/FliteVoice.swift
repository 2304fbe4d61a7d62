// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CFlite
// Brings the names of the libraries to link; nothing of it is called from here.
import CFliteSystem
import Synchronization

/// One of flite's English voices: 16 kHz, mono.
///
/// Loaded once per process. Any number of threads may speak with it at a time: each utterance has its own settings, and
/// the voice itself is never written to after loading. Synthesis computes some 60 times faster than real time (`kal16`
/// 2000 times); the first audio comes after the whole text was analysed, so give it one sentence at a time.
package struct FliteVoice: @unchecked Sendable {
    // Unchecked: the pointee is constant once `named` has answered, and is never freed.
    private let voice: UnsafeMutablePointer<cflite_voice>
    /// Its name in the library.
    package let name: Name

    /// The voices there are.
    package enum Name: String, Sendable, CaseIterable {
        /// An American woman; the best.
        case slt
        /// An American man.
        case rms
        /// A Scottish man.
        case awb
        /// A mechanical man, computed 30 times faster than the others.
        case kal16
    }

    /// Why a text cannot be spoken.
    package enum Error: Swift.Error, Equatable {
        /// The library has no such voice; it was built without it.
        case missing(Name)
        /// The library gave up before the first sample, for want of memory.
        case failed
    }

    /// The rate of all its audio, in Hz.
    package static let sampleRate = 16_000

    private static let loading = Mutex(())

    /// Loads a voice, or answers the loaded one.
    ///
    /// - Throws: ``Error/missing(_:)``.
    package init(_ name: Name) throws(Error) {
        let voice = Self.loading.withLock { _ in Pointer(cflite_voice_named(name.rawValue)) }.value
        guard let voice else { throw .missing(name) }
        self.voice = voice
        self.name = name
    }

    /// Speaks a text on the caller's thread.
    ///
    /// `onWords` is called once, before any audio, with the times of all words; `onAudio` with pieces of at least
    /// `chunkSamples` samples (the last may be shorter), valid during the call, until it answers false. What was
    /// computed by then is at most one piece. A text without words gives neither words nor audio. Text after a NUL is
    /// not spoken.
    ///
    /// - Parameters:
    ///   - stretch: How many times longer than usual speech lasts, 0.5...2.
    ///   - pitchHz: Mean pitch; `nil` for the voice's own.
    ///   - isRepeatable: Whether the same text must give the same samples, bit for bit; the process then speaks nothing
    ///     else meanwhile.
    /// - Throws: ``Error/failed``.
    package func synthesize(
        _ text: String, chunkSamples: Int = 320, stretch: Double = 1, pitchHz: Double? = nil,
        isRepeatable: Bool = true, onWords: ([SpokenWord]) -> Void, onAudio: (UnsafeBufferPointer<Int16>) -> Bool
    ) throws(Error) {
        precondition((1...1_000_000).contains(chunkSamples), "a chunk has 1 to 1 000 000 samples")
        precondition((0.5...2).contains(stretch), "a stretch lies in 0.5...2")
        guard text.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        else { return }
        let result = withoutActuallyEscaping(onWords) { onWords in
            withoutActuallyEscaping(onAudio) { onAudio in
                let receiver = Receiver(text: text, onWords: onWords, onAudio: onAudio)
                return cflite_speak(
                    voice, text, Int32(chunkSamples), Float(stretch), Float(pitchHz ?? 0), isRepeatable ? 1 : 0,
                    receive, Unmanaged.passUnretained(receiver).toOpaque())
            }
        }
        guard result == 0 else { throw .failed }
    }

    /// Lets a pointer out of a lock.
    private struct Pointer: @unchecked Sendable {
        // Unchecked: see `FliteVoice`.
        let value: UnsafeMutablePointer<cflite_voice>?

        init(_ value: UnsafeMutablePointer<cflite_voice>?) {
            self.value = value
        }
    }
}

/// Where one synthesis delivers; lives on the stack of `synthesize`.
private final class Receiver {
    private let text: String
    private let onWords: ([SpokenWord]) -> Void
    private let onAudio: (UnsafeBufferPointer<Int16>) -> Bool

    init(
        text: String, onWords: @escaping ([SpokenWord]) -> Void,
        onAudio: @escaping (UnsafeBufferPointer<Int16>) -> Bool
    ) {
        self.text = text
        self.onWords = onWords
        self.onAudio = onAudio
    }

    func deliver(_ words: UnsafeBufferPointer<cflite_word>?, _ samples: UnsafeBufferPointer<Int16>) -> Bool {
        if let words {
            onWords(
                SpokenWord.words(
                    of: text, spoken: words.map { (Int($0.text_end), Double($0.start), Double($0.end)) }))
        }
        return onAudio(samples)
    }
}

/// The library's callback.
private func receive(
    context: UnsafeMutableRawPointer?, words: UnsafePointer<cflite_word>?, wordCount: Int32,
    samples: UnsafePointer<Int16>?, sampleCount: Int32
) -> Int32 {
    guard let context else { return 1 }
    let receiver = Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
    let words = words.map { UnsafeBufferPointer(start: $0, count: Int(wordCount)) }
    return receiver.deliver(words, UnsafeBufferPointer(start: samples, count: Int(sampleCount))) ? 0 : 1
}
