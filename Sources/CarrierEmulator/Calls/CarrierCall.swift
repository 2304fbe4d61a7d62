// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit

/// A call at the carrier: its status, its instructions, and the person at its other end.
///
/// One task carries it from the first ring to the last callback; whatever it waits for can be cut short by the caller, by
/// a request to the carrier's interface, and by cancelling the task.
actor CarrierCall {
    /// Where a verb leads.
    enum Step {
        /// To the verb behind it.
        case next
        /// To another document.
        case document(CallSetup.Program, [FormField])
        /// To the end of the call.
        case hangUp
    }

    /// Documents that a call may go through; a loop of redirects ends here.
    private static let documentLimit = 1000
    private static let eventLimit = 20_000

    nonisolated let sid: String
    nonisolated let setup: CallSetup
    let environment: CallEnvironment
    private(set) var status = CallStatus.queued
    private(set) var events: [CarrierEvent] = []
    private(set) var answeredBy: String?
    private(set) var duration = Duration.zero
    var streams: [MediaStreamOutcome] = []
    var relays: [RelayOutcome] = []
    var caller: CallerMachine
    /// Time since the answer, as far as the call has come.
    var lineTime = Duration.zero
    var documentURL = ""
    var liveStream: MediaStreamClient?
    var transcriptions: [Task<Void, Never>] = []
    /// When the call was answered, on the clock of lines.
    private(set) var answerTime = Duration.zero
    private var work: Task<Step, Never>?
    private var redirection: CallSetup.Program?
    private var endRequest: CallStatus?
    private var callbacks: CallbackQueue?

    /// Creates a call that nobody has heard of.
    init(_ setup: CallSetup, sid: String = CarrierSID.make("CA"), _ environment: CallEnvironment) {
        self.setup = setup
        self.sid = sid
        self.environment = environment
        caller = CallerMachine(setup.party.script)
    }

    // MARK: Life

    /// Carries the call to its end.
    func run() async -> CallReport {
        callbacks = setup.statusCallback.map { CallbackQueue($0, events: setup.statusEvents) }
        if setup.isOutbound { change(to: .initiated) }
        change(to: .ringing)
        let final = await ring()
        if final == nil {
            answerTime = environment.clock.now
            change(to: .inProgress)
            answeredBy = setup.machineDetection == .none ? nil : setup.party.answeredBy
            reportMachineDetection()
            await follow()
        }
        duration = lineTime
        change(to: endRequest ?? final ?? .completed)
        for transcription in transcriptions { await transcription.value }
        await callbacks?.finish()
        return CallReport(
            sid: sid, status: status, events: events, streams: streams, relays: relays, complaint: caller.complaint)
    }

    /// Rings; answers how the call ended, if it did.
    private func ring() async -> CallStatus? {
        guard setup.isOutbound else { return nil }
        let patience = setup.party.answer == .noAnswer ? setup.ringLimit : min(setup.party.ringing, setup.ringLimit)
        let ringing = Task { () -> Step in
            try? await environment.clock.sleep(until: environment.clock.now + patience)
            return .next
        }
        work = ringing
        _ = await value(of: ringing)
        if let endRequest { return endRequest }
        if Task.isCancelled { return .canceled }
        switch setup.party.answer {
        case .answers: return setup.party.ringing > setup.ringLimit ? .noAnswer : nil
        case .busy: return .busy
        case .noAnswer: return .noAnswer
        case .fails: return .failed
        }
    }

    /// Carries out documents until one leads to the end.
    private func follow() async {
        var program = setup.program
        var fields: [FormField] = []
        for _ in 0..<Self.documentLimit where endRequest == nil && !Task.isCancelled {
            let (current, extra) = (program, fields)
            let work = Task { await self.carryOut(current, extra) }
            self.work = work
            let step = await value(of: work)
            if let redirection {
                self.redirection = nil
                (program, fields) = (redirection, [])
            } else if case .document(let next, let extra) = step {
                (program, fields) = (next, extra)
            } else {
                return
            }
        }
    }

    /// Waits for work that ends early when this task is cancelled.
    private func value(of work: Task<Step, Never>) async -> Step {
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }

    // MARK: Requests to the carrier's interface

    /// Ends the call; answers false when that is not possible in its state.
    func end(as wanted: CallStatus) -> Bool {
        guard !status.isFinal, endRequest == nil, wanted != .canceled || status != .inProgress else { return false }
        endRequest = wanted
        work?.cancel()
        return true
    }

    /// Replaces the call's instructions; answers false when it is over.
    func redirect(to program: CallSetup.Program) -> Bool {
        guard status == .inProgress, endRequest == nil else { return false }
        redirection = program
        work?.cancel()
        return true
    }

    // MARK: Notes

    /// Notes what happened.
    func note(_ kind: CarrierEvent.Kind) {
        guard events.count < Self.eventLimit else { return }
        events.append(CarrierEvent(time: lineTime, kind: kind))
    }

    private func change(to status: CallStatus) {
        self.status = status
        note(.status(status))
        callbacks?.add(self, status)
    }

    /// The fields that every request of the call bears.
    func standardFields(_ status: CallStatus? = nil) -> [FormField] {
        [
            FormField("AccountSid", environment.account.sid), FormField("ApiVersion", "2010-04-01"),
            FormField("CallSid", sid), FormField("CallStatus", (status ?? self.status).rawValue),
            FormField("Called", setup.to), FormField("Caller", setup.from),
            FormField("Direction", setup.isOutbound ? "outbound-api" : "inbound"), FormField("From", setup.from),
            FormField("To", setup.to),
        ] + (answeredBy.map { [FormField("AnsweredBy", $0)] } ?? [])
    }

    /// Requests an address of the agent and notes it.
    ///
    /// - Throws: ``CarrierWarning``.
    func request(
        _ url: String, method: String = "POST", _ fields: [FormField]
    ) async throws(CarrierWarning) -> WebhookClient.Answer {
        do {
            let answer = try await environment.webhooks.request(method, url, fields)
            if status == .inProgress { lineTime = max(lineTime, environment.clock.now - answerTime) }
            note(.request(url: url, fields: fields, status: answer.status))
            return answer
        } catch {
            note(.request(url: url, fields: fields, status: nil))
            throw error
        }
    }

    /// Reports a change of status.
    func report(_ status: CallStatus, number: Int, to url: String) async {
        var fields =
            standardFields(status) + [
                FormField("CallbackSource", "call-progress-events"), FormField("SequenceNumber", String(number)),
            ]
        if status.isFinal {
            let seconds = Int(duration.components.seconds)
            fields += [FormField("CallDuration", String(seconds)), FormField("Duration", String((seconds + 59) / 60))]
        }
        await report(fields, to: url)
    }

    /// Makes a request whose answer does not matter; a failure is a warning.
    func report(_ fields: [FormField], to url: String) async {
        do {
            let answer = try await request(url, fields)
            if answer.status >= 400 { note(.warning(CarrierWarning(11200, "\(url) answered \(answer.status)"))) }
        } catch {
            note(.warning(error))
        }
    }

    private func reportMachineDetection() {
        guard case .reported(let url) = setup.machineDetection else { return }
        let fields = [
            FormField("AccountSid", environment.account.sid), FormField("AnsweredBy", setup.party.answeredBy),
            FormField("CallSid", sid), FormField("MachineDetectionDuration", "1200"),
        ]
        transcriptions.append(Task { await self.report(fields, to: url) })
    }
}
