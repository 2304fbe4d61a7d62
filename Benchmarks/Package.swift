// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "voice-pipeline", path: "..")],
    targets: [
        .executableTarget(
            name: "ProcessorBenchmarks",
            dependencies: [
                .product(name: "PipelineKit", package: "voice-pipeline"),
                .product(name: "Processors", package: "voice-pipeline"),
                .product(name: "Allocations", package: "voice-pipeline"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
        )
    ]
)
