// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A Swift package with one processor, its test, and a runner that knows it.
struct PluginScaffold {
    /// The processor's name in pipeline files.
    let name: String
    /// Path or URL of this library's package.
    let library: String

    /// The package's files, below a directory of its name.
    var files: [ScaffoldFile] {
        [
            ScaffoldFile(path: "\(name)/Package.swift", text: package),
            ScaffoldFile(path: "\(name)/Sources/\(type)/\(type).swift", text: processor),
            ScaffoldFile(path: "\(name)/Sources/\(name)-runner/main.swift", text: main),
            ScaffoldFile(path: "\(name)/Tests/\(type)Tests/\(type)Tests.swift", text: test),
            ScaffoldFile(path: "\(name)/.gitignore", text: ".build/\n"),
        ]
    }

    /// The type's name: `mood_detector` is `MoodDetector`.
    private var type: String { name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

    private var dependency: String {
        library.contains("://")
            ? #".package(url: "\#(library)", branch: "main")"#
            : #".package(name: "voice-pipeline", path: "\#(library)")"#
    }

    private var package: String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "\(name)",
            dependencies: [
                \(dependency)
            ],
            targets: [
                .target(name: "\(type)", dependencies: [.product(name: "PipelineKit", package: "voice-pipeline")]),
                .executableTarget(
                    name: "\(name)-runner",
                    dependencies: ["\(type)", .product(name: "Runner", package: "voice-pipeline")]),
                .testTarget(
                    name: "\(type)Tests",
                    dependencies: ["\(type)", .product(name: "PipelineTesting", package: "voice-pipeline")]),
            ]
        )

        """
    }

    private var processor: String {
        """
        import PipelineKit

        /// Counts the words that the caller says.
        public struct \(type): Processor {
            public static let name = "\(name)"
            public static let summary = "Counts the words that the caller says."

            public struct Parameters: ProcessorParameters {
                /// Words after which the count is reported.
                public var every = 10

                public static let template = Self()
                public static let schema = ParameterSchema<Self>(
                    .optional("every_words", \\.every, in: 1...1000, "Words after which the count is reported.")
                )
            }

            private let parameters: Parameters
            private var count = 0

            public init(_ parameters: Parameters) {
                self.parameters = parameters
            }

            public mutating func process(_ frame: Frame, _ context: inout ProcessorContext) {
                if let transcript = frame[Transcript.self], transcript.isFinal {
                    let before = count / parameters.every
                    count += transcript.text.split(separator: " ").count
                    if count / parameters.every > before {
                        context.report(.metric(name: "caller_words", value: Double(count)))
                    }
                }
                context.emit(frame)
            }
        }

        """
    }

    private var main: String {
        """
        \([type, "Runner"].sorted().map { "import \($0)" }.joined(separator: "\n"))

        await runnerMain { $0.add(\(type).self) }

        """
    }

    private var test: String {
        """
        import PipelineKit
        import PipelineTesting
        import Testing

        @testable import \(type)

        @Suite struct \(type)Tests {
            @Test func passesTheWordsOnAndReportsTheirCount() throws {
                let harness = try ProcessorHarness(\(type)(.template))
                harness.send(Transcript("one two three four five six seven eight nine ten"))
                #expect(harness.take(Transcript.self).count == 1)
                let counts = harness.events.all.compactMap { entry in
                    if case .metric("caller_words", let value) = entry.event { value } else { nil }
                }
                #expect(counts == [10])
                #expect(try harness.finish().isEmpty)
            }
        }

        """
    }
}
