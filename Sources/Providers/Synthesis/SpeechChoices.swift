// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// How sentences are asked for.
public enum SpeechMode: String, ParameterChoice {
    case websocket, http

    public var summary: String {
        switch self {
        case .websocket: "over one socket that is open from the start; the first audio comes the soonest"
        case .http: "with a request for each sentence; nothing is open between them"
        }
    }
}

/// The form of a provider's samples.
public enum SpeechEncoding: String, ParameterChoice {
    case linear16, mulaw, alaw

    public var summary: String { format.summary }

    var format: AudioFormat.Encoding {
        switch self {
        case .linear16: .linear16
        case .mulaw: .mulaw
        case .alaw: .alaw
        }
    }
}
