// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A sink that another processor stands in for when the transport takes text and has it spoken.
public protocol TextCapable: Processor {
    /// The processor that takes its place, with the same parameters.
    associatedtype TextForm: Processor where TextForm.Parameters == Parameters
}

extension Speaker: TextCapable {
    public typealias TextForm = TextSpeaker
}
