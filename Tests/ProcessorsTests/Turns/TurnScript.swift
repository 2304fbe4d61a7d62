// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

@testable import Processors

/// Runs a turn machine through events in virtual time and writes down what it does, such as `1200 end 1 completed
/// "hello"`.
struct TurnScript {
    private var machine: TurnMachine
    private var now = MediaTime.zero
    private(set) var log: [String] = []

    init(_ change: (inout TurnParameters) -> Void = { _ in }) {
        var parameters = TurnParameters()
        change(&parameters)
        machine = TurnMachine(parameters)
    }

    var isIdle: Bool { machine.isIdle }
    var lastTurn: Int { machine.lastTurn.value }

    /// Takes out what was done so far, but for words and speech being reported.
    mutating func take() -> [String] {
        defer { log = [] }
        return log.filter { !$0.contains("heard") && !$0.contains("speaking") }
    }

    /// Lets time pass until `milliseconds`, with every deadline in between.
    mutating func run(until milliseconds: Int) {
        let end = MediaTime.zero + .milliseconds(milliseconds)
        var steps = 0
        while let deadline = machine.deadline, deadline <= end, steps < 1000 {
            steps += 1
            now = max(now, deadline)
            note(machine.handle(.time, now: now))
        }
        if steps == 1000 { log.append("does not settle") }
        now = end
    }

    mutating func at(_ milliseconds: Int, _ event: TurnMachine.Event, asked: Bool = false) {
        run(until: milliseconds)
        machine.agentAsks = asked
        note(machine.handle(event, now: now))
    }

    /// Speech from `start` to `stop`, with an onset of 100 ms and a hangover of 400 ms; returns at the end of the
    /// hangover.
    mutating func speech(_ start: Int, _ stop: Int) {
        begin(start)
        end(stop)
    }

    /// Speech begins and is confirmed 100 ms later.
    mutating func begin(_ start: Int) {
        at(start + 100, .voice(VoiceActivity(.speechStarted, at: .zero + .milliseconds(start))))
    }

    /// Speech ends and is taken to be over 400 ms later.
    mutating func end(_ stop: Int) {
        at(stop + 400, .voice(VoiceActivity(.speechStopped, at: .zero + .milliseconds(stop))))
    }

    mutating func interim(_ time: Int, _ text: String, asked: Bool = false) {
        at(time, .transcript(Transcript(text, isFinal: false)), asked: asked)
    }

    mutating func final(_ time: Int, _ text: String, ends: Bool = true, asked: Bool = false) {
        at(time, .transcript(Transcript(text, isUtteranceEnd: ends)), asked: asked)
    }

    private mutating func note(_ actions: [TurnMachine.Action]) {
        for action in actions { log.append("\(now.nanoseconds / 1_000_000) \(Self.text(action))") }
    }

    private static func text(_ action: TurnMachine.Action) -> String {
        switch action {
        case .begin(let turn): "begin \(turn)"
        case .end(let ended, _):
            "end \(ended.turn) \(ended.reason.rawValue) \"\(ended.text)\""
                + (ended.supersedes.map { " supersedes \($0)" } ?? "") + (ended.isInterruption ? " interrupting" : "")
        case .interrupt: "interrupt"
        case .pause: "pause"
        case .resume: "resume"
        case .heard(let turn, let text, let isFinal): "heard \(turn) \"\(text)\"\(isFinal ? " final" : "")"
        case .callerSpeaking(let isSpeaking): "speaking \(isSpeaking)"
        case .endSession: "end session"
        }
    }
}
