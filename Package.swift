// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: strict, explicit, and without warnings.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A module map for a C library that Debian ships; `make setup` installs its package.
func systemLibrary(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
    name: "voice-pipeline",
    products: [
        .library(name: "PipelineKit", targets: ["PipelineKit"]),
        .library(name: "PipelineTesting", targets: ["PipelineTesting"]),
        .library(name: "Processors", targets: ["Processors"]),
        .library(name: "Transports", targets: ["Transports"]),
        .library(name: "Runner", targets: ["Runner"]),
        .library(name: "Allocations", targets: ["CAllocations"]),
        .executable(name: "runner", targets: ["RunnerTool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // The contract: frames, processors, graph, session, time, parameters, diagnostics.
        .target(
            name: "PipelineKit",
            dependencies: [
                "CYAML",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(name: "PipelineTesting", dependencies: ["PipelineKit"], swiftSettings: settings),

        // Everything between the transports, and where a session meets the world.
        .target(
            name: "Processors",
            dependencies: [
                "PipelineKit", "CFlite", "COpus", "CPocketsphinx", "CProcess", "CSampleRate", "CSignal", "CSilero",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Transports",
            dependencies: ["PipelineKit", "CSndfile", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings
        ),

        // The command line; composition happens here and only here.
        .target(
            name: "Runner",
            dependencies: [
                "PipelineKit", "Processors", "Transports", "CAllocations",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(name: "RunnerTool", dependencies: ["Runner"], swiftSettings: settings),

        // C kernels of our own.
        .target(name: "CAllocations"),
        .target(name: "CSignal"),
        .target(name: "CSilero"),
        .target(name: "CProcess"),

        // Shims over C libraries whose interfaces Swift cannot import as they are, and plain module maps.
        .target(name: "CPocketsphinx", dependencies: ["CPocketsphinxSystem"]),
        .target(name: "CFlite", dependencies: ["CFliteSystem"]),
        .target(name: "COpus", dependencies: ["COpusSystem"]),
        systemLibrary("CPocketsphinxSystem", pkgConfig: "pocketsphinx", package: "libpocketsphinx-dev"),
        systemLibrary("CFliteSystem", package: "flite1-dev"),
        systemLibrary("COpusSystem", pkgConfig: "opus", package: "libopus-dev"),
        systemLibrary("CSampleRate", pkgConfig: "samplerate", package: "libsamplerate0-dev"),
        systemLibrary("CSndfile", pkgConfig: "sndfile", package: "libsndfile1-dev"),
        systemLibrary("CYAML", pkgConfig: "yaml-0.1", package: "libyaml-dev"),

        .testTarget(
            name: "PipelineKitTests", dependencies: ["PipelineKit", "PipelineTesting"],
            exclude: ["Configuration/Broken"],
            swiftSettings: settings),
        .testTarget(
            name: "ProcessorsTests", dependencies: ["Processors", "PipelineTesting"], swiftSettings: settings),
        .testTarget(
            name: "TransportsTests", dependencies: ["Transports", "PipelineTesting"], swiftSettings: settings),
        .testTarget(
            name: "RunnerTests", dependencies: ["Runner", "RunnerTool", "PipelineTesting"], swiftSettings: settings),
    ]
)
