public protocol ProcessorParameters: Sendable {}
public struct NoParameters: ProcessorParameters { public init() {} }
public struct SpeakerParameters: ProcessorParameters { public var lead = Duration.milliseconds(40); public init() {} }
