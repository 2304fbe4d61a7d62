// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

extension PipelineError {
    /// What a far end may know; paths, addresses and answers of services are for the operator's log.
    var publicMessage: String {
        let what =
            switch category {
            case .badInput: "something could not be used as it came"
            case .provider: "a service that the agent needs failed"
            case .overload: "there is more to do than can be done in time"
            case .bug: "a part of the agent failed"
            }
        return processor.isEmpty ? what : "\(what) (\(processor))"
    }
}
