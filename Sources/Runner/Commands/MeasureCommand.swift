// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PipelineKit
import Transports

/// `runner measure CALL.wav`.
struct MeasureCommand: RunnerSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measures turn gaps and barge-ins in the stereo recording of a call.",
        discussion: """
            The caller is the left channel, the agent the right one; so records the processor 'recorder'. Speech is found \
            by its level, so that a recording of any system can be measured.

              runner measure calls/front_desk.wav
              runner measure call.flac --json | jq .gap_p95_ms
            """)

    @Argument(help: "The recording: WAV, FLAC or OGG with two channels.")
    var file: String

    @Option(help: "Longest pause in milliseconds within one stretch of speech.")
    var pause = 400

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(in context: RunnerContext) async throws -> ExitStatus {
        do {
            let measurement = try measure()
            if json { context.output.json(measurement.json) } else { context.output.write(measurement.text) }
            return .good
        } catch let error as SoundFileError {
            context.output.error("runner: \(error)")
            return .problems
        }
    }

    private func measure() throws -> CallMeasurement {
        let reader = try SoundFileReader(file, channels: .asStored)
        guard reader.format.channels == 2 else {
            throw SoundFileError(
                .unsupported, file, "has one channel; give a recording with caller left and agent right")
        }
        var levels = StereoLevels(rateHz: reader.format.rateHz)
        while let audio = try reader.read(reader.format.rateHz) { audio.withSamples { levels.add($0) } }
        let finder = SpeechFinder(pause: .milliseconds(max(0, pause)))
        return CallMeasurement(caller: finder.stretches(in: levels.left), agent: finder.stretches(in: levels.right))
    }
}
