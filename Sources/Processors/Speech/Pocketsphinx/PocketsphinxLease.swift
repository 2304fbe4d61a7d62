// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One decoder, lent for one utterance.
///
/// Ending it, or letting go of it, gives the decoder back.
///
/// May be used from any thread; calls take turns. The first use opens the model if no open decoder was idle, which takes
/// some 10 ms for a grammar and 250 ms for dictation: use it on a worker thread.
package final class PocketsphinxLease: Sendable {
    private enum Holding {
        case room
        case decoder(IdleDecoder)
        case nothing
    }

    private let configuration: PocketsphinxConfiguration
    private let pool: PocketsphinxPool
    private let holding: Mutex<Holding>

    /// Takes what a permit allows.
    init(_ permit: PocketsphinxPermit, _ configuration: PocketsphinxConfiguration, _ pool: PocketsphinxPool) {
        self.configuration = configuration
        self.pool = pool
        holding = Mutex(permit.decoder.map(Holding.decoder) ?? .room)
    }

    deinit {
        end()
    }

    /// Uses the decoder.
    ///
    /// - Throws: ``PocketsphinxError/wrongState(_:)`` after `end`, the reasons why a decoder cannot be opened, and what
    ///   `body` throws.
    package func withDecoder<Result: Sendable>(
        _ body: (PocketsphinxDecoder) throws(PocketsphinxError) -> Result
    ) throws(PocketsphinxError) -> Result {
        try holding.withLock { (holding) throws(PocketsphinxError) in
            switch holding {
            case .decoder(let idle):
                return try body(idle.decoder)
            case .room:
                let opened = IdleDecoder(try PocketsphinxDecoder(configuration))
                holding = .decoder(opened)
                return try body(opened.decoder)
            case .nothing:
                throw .wrongState("the decoder was given back; borrow another")
            }
        }
    }

    /// Gives the decoder back, in whatever state it is.
    ///
    /// Later calls do nothing.
    package func end() {
        let held = holding.withLock { holding in
            defer { holding = .nothing }
            return holding
        }
        switch held {
        case .nothing:
            return
        case .room:
            pool.giveBack(nil)
        case .decoder(let idle):
            idle.decoder.reset()
            pool.giveBack(idle)
        }
    }
}
