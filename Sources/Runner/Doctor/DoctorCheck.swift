// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PipelineKit

/// Something that pipelines may need on the machine.
struct DoctorCheck: Sendable {
    /// What was found of a check.
    struct Finding: Sendable {
        var check: DoctorCheck
        /// Where it is; `nil` when it is missing.
        var place: String?
        var isFound: Bool { place != nil }
    }

    /// What it is called.
    var name: String
    /// What it is needed for.
    var purpose: String
    /// How to get it.
    var remedy: String
    /// Whether the offline agent cannot work without it.
    var isRequired: Bool
    /// Where it may be; the first that exists counts.
    var places: [String]

    /// Looks for it.
    func look() -> Finding { Finding(check: self, place: places.first { access($0, R_OK) == 0 }) }

    /// Everything that is looked for.
    static func all(_ environment: [String: String]) -> [DoctorCheck] {
        models(environment) + programs(environment) + testData
    }

    private static func models(_ environment: [String: String]) -> [DoctorCheck] {
        let sphinx = "/usr/share/pocketsphinx/model/en-us"
        let directories = [
            environment["VOICE_MODELS"], "models", ProcessDirectory.executable.map { "\($0)/models" },
            environment["HOME"].map { "\($0)/.cache/voice-pipeline/models" },
        ].compactMap(\.self)
        return [
            DoctorCheck(
                name: "pocketsphinx acoustic model", purpose: "pocketsphinx_stt hears English with it",
                remedy: "apt-get install pocketsphinx-en-us", isRequired: true, places: ["\(sphinx)/en-us/mdef"]),
            DoctorCheck(
                name: "pocketsphinx dictionary", purpose: "pocketsphinx_stt knows words by it",
                remedy: "apt-get install pocketsphinx-en-us", isRequired: true,
                places: ["\(sphinx)/cmudict-en-us.dict"]),
            DoctorCheck(
                name: "Silero VAD weights",
                purpose: "silero_vad finds speech in noise with them; energy_vad needs none",
                remedy: "run 'make models', or name their directory in VOICE_MODELS", isRequired: false,
                places: directories.map { "\($0)/silero_vad_16k.bin" }),
        ]
    }

    private static func programs(_ environment: [String: String]) -> [DoctorCheck] {
        let path = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return [
            DoctorCheck(
                name: "espeak-ng", purpose: "espeak_tts speaks with it, in many languages",
                remedy: "apt-get install espeak-ng", isRequired: false, places: path.map { "\($0)/espeak-ng" })
        ]
    }

    private static var testData: [DoctorCheck] {
        [
            DoctorCheck(
                name: "recorded human speech", purpose: "tests of recognition use it",
                remedy: "apt-get install pocketsphinx-testdata", isRequired: false,
                places: ["/usr/share/pocketsphinx/test/data/goforward.raw", "/usr/share/pocketsphinx/test/data"])
        ]
    }
}

extension DoctorCheck.Finding {
    /// The finding with `name`, `found`, `required`, `place`, `purpose` and `remedy`.
    var json: JSONValue {
        [
            "name": .string(check.name), "found": .bool(isFound), "required": .bool(check.isRequired),
            "place": place.map { .string($0) } ?? .null, "purpose": .string(check.purpose),
            "remedy": .string(check.remedy),
        ]
    }
}

/// Where this process's files are.
enum ProcessDirectory {
    /// The directory of the executable.
    static var executable: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }
}
