// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What to say to the `espeak-ng` command so that it reads UTF-8 text on its input and writes a WAV stream.
///
/// The text is never an argument: it is on the input, so that nothing in it can be taken for an option.
struct EspeakCommand: Sendable, Equatable {
    /// A voice or language, with a variant behind a plus sign, such as `en-us+f3`.
    var voice = "en-us"
    /// Words a minute, 80...450.
    var wordsPerMinute = 175
    /// From the lowest to the highest voice, 0...1.
    var pitch = 0.5

    /// The command's arguments.
    var arguments: [String] {
        // espeak-ng(1): -b 1 is UTF-8; pitch is 0...99; -z leaves out the pause behind the sentence.
        [
            "-b", "1", "-v", voice, "-s", String(wordsPerMinute), "-p", String(Int((pitch * 99).rounded())),
            "-z", "--stdin", "--stdout",
        ]
    }
}
