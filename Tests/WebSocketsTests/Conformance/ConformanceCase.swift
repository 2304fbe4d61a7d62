// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A case of the Autobahn test suite: what a client sends to an echoing server, and the frames that must come back.
struct ConformanceCase: Sendable, CustomStringConvertible {
    var id: String
    var send: [UInt8]
    var expect: [WireFrame]

    init(_ id: String, _ send: [WireFrame], expect: [WireFrame]) {
        self.id = id
        self.send = send.flatMap { $0.bytes() }
        self.expect = expect
    }

    /// A case that ends with the client's Close, which the server answers.
    init(_ id: String, _ send: [WireFrame], echoes: [WireFrame]) {
        self.init(id, send + [.close(1000)], expect: echoes + [.close(1000)])
    }

    /// A case in which the server must fail the connection; what follows is not answered.
    init(_ id: String, _ send: [WireFrame], echoes: [WireFrame] = [], fails code: UInt16) {
        self.init(id, send + [.ping("too late")], expect: echoes + [.close(code)])
    }

    var description: String { id }
}
