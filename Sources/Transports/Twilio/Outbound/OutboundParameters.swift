// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// How calls are placed, transferred and summed up.
public struct OutboundParameters: ParameterGroup {
    /// How long it rings.
    public var ringing = Duration.seconds(60)
    /// Whether an answering machine is looked for.
    public var machineDetection = MachineDetection.off
    /// Whether a call that a machine answers is ended.
    public var hangUpOnMachine = false
    /// Who takes over when the agent hands a call on.
    public var transferTo: String?
    /// How a call is handed on.
    public var transferMode = TransferMode.cold
    /// How long it rings there.
    public var transferRinging = Duration.seconds(30)
    /// Who is told how a call went.
    public var summaryTo: String?

    public static let template = Self()
    public static let schema = ParameterSchema<Self>(
        .optional("ringing", \.ringing, in: .seconds(5) ... .seconds(600), "Time for which a telephone rings."),
        .optional("machine_detection", \.machineDetection, "Whether Twilio finds out that a machine answers."),
        .optional(
            "hang_up_on_machine", \.hangUpOnMachine,
            "Whether a call is ended as soon as machine_detection finds a machine or a fax."),
        .optional("transfer_to", \.transferTo, "Number that a call is handed on to unless the request names another."),
        .optional("transfer_mode", \.transferMode, "How a call is handed on unless the request says."),
        .optional(
            "transfer_ringing", \.transferRinging, in: .seconds(5) ... .seconds(600),
            "Time for which it rings where a call is handed on to; then the caller comes back to the agent."),
        .optional("summary_to", \.summaryTo, "Number that gets a text message about each call that was placed.")
    )

    /// Creates the defaults.
    public init() {}

    /// How long it is remembered what was said to a caller who is being transferred: while it rings, and until Twilio has
    /// brought the caller back.
    var memoryLife: Duration { transferRinging + .seconds(90) }
}
