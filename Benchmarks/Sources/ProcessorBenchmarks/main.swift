// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PipelineKit
import Processors

// Allocations and CPU per frame of the processors that see every frame of a call.
//
//     swift run -c release --package-path Benchmarks ProcessorBenchmarks
//     swift run -c release --package-path Benchmarks ProcessorBenchmarks --gate Benchmarks/Thresholds/processors.json

/// A second of a tone in frames of 20 ms.
func audio(_ rateHz: Int) -> [Frame] {
    (0..<50).map { index in
        let format = AudioFormat(rateHz: rateHz)
        let samples = (0..<rateHz / 50).map { Int16(8000 * sin(2 * .pi * 440 * Double($0) / Double(rateHz))) }
        return Frame(
            audio: Audio(format: format, samples: samples),
            at: MediaTime(nanoseconds: Int64(index) * 20_000_000))
    }
}

let subjects = [
    Subject("pass", frames: audio(16_000)) { builder in
        for index in 0..<10 { builder.add(Pass(NoParameters()), id: "pass\(index)") }
    },
    Subject("queued_pass", frames: audio(16_000)) { $0.add(QueuedPass(NoParameters())) },
    Subject("energy_vad", frames: audio(16_000)) { $0.add(EnergyVAD(.template)) },
    Subject("silero_vad", frames: audio(16_000)) { $0.add(SileroVAD(.template)) },
    Subject("audio_converter_8_to_16", frames: audio(8_000)) {
        $0.add(AudioConverter(AudioConverter.Parameters(.wideband)))
    },
    Subject("audio_converter_16_to_mulaw_8", frames: audio(16_000)) {
        $0.add(AudioConverter(AudioConverter.Parameters(AudioFormat(rateHz: 8000, encoding: .mulaw))))
    },
    Subject("turn", frames: audio(16_000)) { $0.add(Turn(.template)) },
]

let measurements = try subjects.map { try $0.measure() }
for measurement in measurements {
    let name = measurement.name.padding(toLength: 32, withPad: " ", startingAt: 0)
    print(name, String(format: "%8.2f allocations  %10.0f ns", measurement.allocations, measurement.nanoseconds))
}

let arguments = CommandLine.arguments
if let flag = arguments.firstIndex(of: "--gate"), arguments.indices.contains(flag + 1) {
    let data = try Data(contentsOf: URL(fileURLWithPath: arguments[flag + 1]))
    let limits = try JSONDecoder().decode([String: Double].self, from: data)
    let failures = measurements.filter { $0.allocations > limits[$0.name] ?? 0 }
    for failure in failures {
        print(
            "\(failure.name): \(failure.allocations) allocations per frame; the limit is \(limits[failure.name] ?? 0)")
    }
    print("\(measurements.count - failures.count) passed, \(failures.count) failed")
    exit(failures.isEmpty ? 0 : 1)
}
