// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// What the process tells its caller.
enum ExitStatus: Int32, Error {
    /// Everything was as it should be.
    case good = 0
    /// The user's files have problems; they have been printed.
    case problems = 1
    /// The command line is wrong.
    case usage = 2
    /// Something failed while running.
    case failure = 3
}
