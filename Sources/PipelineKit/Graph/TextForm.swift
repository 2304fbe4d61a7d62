// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// The form that a graph takes for calls that bring or take text: what makes sense with audio only is left out.
///
/// So one pipeline file serves all transports. Found from the pads alone, a plug-in's processors included:
///
/// - what needs frames that text calls lack, audio above all: voice activity, recognisers, codecs, recorders;
/// - what makes audio of something else, when the call takes text: synthesisers;
/// - what only prepares frames for these: sentences are gathered for a synthesiser, a transport takes the model's text.
///
/// What stood behind a processor that is left out stands behind what fed it. Sinks have their text form.
struct TextForm {
    /// What is left, each entry behind its inputs.
    private(set) var entries: [GraphEntry]
    /// Ids of what was left out, in graph order.
    private(set) var leftOut: [String] = []
    private let formats: CallFormats
    private var omitted: Set<String> = []

    /// Finds the form for calls of certain formats.
    ///
    /// - Parameter entries: Sorted so that each comes after its inputs.
    init(of entries: [GraphEntry], formats: CallFormats) {
        self.entries = entries
        self.formats = formats
        guard formats.input == nil || formats.output == nil else { return }
        if formats.output == nil { self.entries = entries.map(Self.takingText) }
        omitUnserved()
        omitPreparations()
        rewire()
    }

    private static func takingText(_ entry: GraphEntry) -> GraphEntry {
        guard let form = entry.configured.textForm else { return entry }
        var entry = entry
        entry.name = form.name
        entry.configured = ConfiguredProcessor(pads: form.pads, maker: form.maker)
        return entry
    }

    // MARK: From the source to the sink

    /// The frame types that come along a link.
    private struct Supply {
        var present: Set<String> = []
        /// Types that only processors give that are left out, or a call with audio.
        var lost: Set<String> = []
    }

    private mutating func omitUnserved() {
        var supplies: [String: Supply] = [:]
        for entry in entries {
            var supply = Supply()
            for input in entry.inputs {
                supply.present.formUnion(supplies[input]?.present ?? [])
                supply.lost.formUnion(supplies[input]?.lost ?? [])
            }
            if entry.descriptor.endpoint == .source { supply = sourceSupply }
            supply.lost.subtract(supply.present)
            let pads = entry.configured.pads
            if isUnserved(entry, supply) {
                omitted.insert(entry.id)
                supply.lost.formUnion(pads.productTypes.subtracting(supply.present))
            } else {
                supply.present.subtract(pads.consumedTypes)
                supply.present.formUnion(pads.productTypes)
                supply.lost.subtract(pads.productTypes)
            }
            supplies[entry.id] = supply
        }
    }

    private var sourceSupply: Supply {
        let audio = Audio.frameType
        if formats.input != nil { return Supply(present: [audio, DTMF.frameType]) }
        return Supply(present: [Transcript.frameType, DTMF.frameType], lost: [audio])
    }

    private func isUnserved(_ entry: GraphEntry, _ supply: Supply) -> Bool {
        guard entry.descriptor.endpoint == nil, entry.isKnown else { return false }
        let pads = entry.configured.pads
        let lacks = (pads.consumes + pads.reads).contains { $0.isRequired && supply.lost.contains($0.frameType) }
        let audio = Audio.frameType
        let makesAudio = pads.productTypes.contains(audio) && !pads.wantedTypes.contains(audio)
        return lacks || (makesAudio && formats.output == nil)
    }

    // MARK: From the sink to the source

    /// The frame types that processors further down ask for.
    private struct Demand {
        var ofKept: Set<String> = []
        var ofOmitted: Set<String> = []
    }

    private mutating func omitPreparations() {
        var demands: [String: Demand] = [:]
        for entry in entries.reversed() {
            let pads = entry.configured.pads
            var demand = demands[entry.id] ?? Demand()
            if isPreparation(entry, demand) { omitted.insert(entry.id) }
            if omitted.contains(entry.id) {
                demand.ofOmitted.formUnion(pads.wantedTypes)
            } else {
                demand.ofKept.subtract(pads.consumedTypes)
                demand.ofKept.formUnion(pads.wantedTypes)
            }
            for input in entry.inputs {
                demands[input, default: Demand()].ofKept.formUnion(demand.ofKept)
                demands[input, default: Demand()].ofOmitted.formUnion(demand.ofOmitted)
            }
        }
    }

    /// Whether only what was left out asks for what a processor makes, and somebody else for what it takes for it.
    private func isPreparation(_ entry: GraphEntry, _ demand: Demand) -> Bool {
        guard entry.descriptor.endpoint == nil, !omitted.contains(entry.id) else { return false }
        let pads = entry.configured.pads
        return !pads.productTypes.isDisjoint(with: demand.ofOmitted)
            && pads.productTypes.isDisjoint(with: demand.ofKept)
            && !pads.consumedTypes.isDisjoint(with: demand.ofKept)
    }

    // MARK: Parts

    /// Leaves out everything but the processors that make frames of a type, and what they need for it.
    ///
    /// - Returns: The ids of those that make them.
    mutating func keepOnly(makersOf frameType: String) -> Set<String> {
        let makers = entries.filter { $0.configured.pads.productTypes.contains(frameType) }.map(\.id)
        var needed = Set(makers)
        for entry in entries.reversed() where needed.contains(entry.id) { needed.formUnion(entry.inputs) }
        leftOut += entries.filter { !needed.contains($0.id) }.map(\.id)
        entries.removeAll { !needed.contains($0.id) }
        return Set(makers)
    }

    // MARK: Links

    private mutating func rewire() {
        var outlets: [String: [String]] = [:]
        var kept: [GraphEntry] = []
        for var entry in entries {
            let inputs = entry.inputs.flatMap { outlets[$0] ?? [$0] }
            let isCutOff = inputs.isEmpty && !entry.inputs.isEmpty && !entry.hasUnknownInputs
            if omitted.contains(entry.id) || isCutOff {
                leftOut.append(entry.id)
                outlets[entry.id] = inputs
            } else {
                entry.inputs = inputs
                kept.append(entry)
            }
        }
        entries = kept
    }
}

extension Pads {
    fileprivate var consumedTypes: Set<String> { Set(consumes.map(\.frameType)) }
    fileprivate var productTypes: Set<String> { Set(produces.map(\.frameType)) }
    fileprivate var wantedTypes: Set<String> { Set((consumes + reads).map(\.frameType)) }
}
