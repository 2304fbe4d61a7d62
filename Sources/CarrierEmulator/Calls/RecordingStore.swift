// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The recordings that `<Record>` made, as WAV files in memory; the oldest go first.
final class RecordingStore: Sendable {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var order: [String] = []
        var origin = ""
    }

    private static let limit = 100
    private let state = Mutex(State())

    /// Sets where recordings are served, such as `http://127.0.0.1:4010`.
    func serve(at origin: String) { state.withLock { $0.origin = origin } }

    /// Keeps a recording of µ-law samples; returns its name and its address without an ending.
    func add(_ samples: [UInt8], account: String) -> (sid: String, url: String) {
        let sid = CarrierSID.make("RE")
        let file = Self.wave(MuLaw.decode(samples))
        return state.withLock { state in
            state.files[sid] = file
            state.order.append(sid)
            if state.order.count > Self.limit { state.files[state.order.removeFirst()] = nil }
            return (sid, "\(state.origin)/2010-04-01/Accounts/\(account)/Recordings/\(sid)")
        }
    }

    /// A recording as a WAV file.
    func file(_ sid: String) -> [UInt8]? { state.withLock { $0.files[sid] } }

    private static func wave(_ samples: [Int16]) -> [UInt8] {
        let bytes = samples.count * 2
        let header: [UInt8] =
            Array("RIFF".utf8) + little(36 + bytes) + Array("WAVEfmt ".utf8) + little(16) + little(1, 2) + little(1, 2)
            + little(8000) + little(16000) + little(2, 2) + little(16, 2) + Array("data".utf8) + little(bytes)
        return header + samples.flatMap { little(Int(UInt16(bitPattern: $0)), 2) }
    }

    private static func little(_ value: Int, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
