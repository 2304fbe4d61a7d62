// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A copy of `value` with changes.
func changed<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var value = value
    change(&value)
    return value
}
