// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// In which form a simulated telephone call comes.
enum TelephoneDialect: String, ExpressibleByArgument, CaseIterable {
    /// Sound over a WebSocket.
    case mediaStreams = "media_streams"
    /// Words over a WebSocket.
    case conversationRelay = "conversation_relay"
    /// A webhook for every reply.
    case twiml

    /// Whether the line carries sound.
    var carriesSound: Bool { self == .mediaStreams }
}
