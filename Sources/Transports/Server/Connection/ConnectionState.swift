// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Where an HTTP connection stands; every state but the last has a deadline.
enum ConnectionState {
    /// The state while the head of the next request has not come.
    case waiting
    /// The state while a body comes in.
    case receiving(HTTPRequestHead, body: ByteBuffer)
    /// The state while a route works on its answer.
    case answering(isKeptAlive: Bool)
    /// The state while an answer is on its way, after which the connection closes; what still comes is ignored.
    case closing
    /// The state once the connection is a WebSocket, or gone.
    case over
}
