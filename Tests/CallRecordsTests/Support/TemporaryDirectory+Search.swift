// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineTesting

extension TemporaryDirectory {
    /// Whether a text is anywhere in any of the files.
    func contains(_ text: String) -> Bool {
        let needle = Array(text.utf8)
        return names().contains { name in
            let bytes = bytes(name)
            guard bytes.count >= needle.count else { return false }
            return (0...bytes.count - needle.count).contains { start in
                bytes[start] == needle[0] && bytes[start..<start + needle.count].elementsEqual(needle)
            }
        }
    }
}
