// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import PipelineTesting
import Transports

extension TemporaryDirectory {
    /// Writes a sound file and returns its path.
    @discardableResult
    func write(_ audio: Audio, to name: String) throws -> String {
        let writer = try SoundFileWriter(path(name), format: audio.format)
        try writer.write(audio)
        try writer.close()
        return path(name)
    }
}
