// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

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
        .library(name: "Providers", targets: ["Providers"]),
        .library(name: "Transports", targets: ["Transports"]),
        .library(name: "CarrierEmulator", targets: ["CarrierEmulator"]),
        .library(name: "Runner", targets: ["Runner"]),
        .library(name: "Allocations", targets: ["CAllocations"]),
        .executable(name: "runner", targets: ["RunnerTool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
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
            dependencies: [
                "PipelineKit", "CCrypto", "CSndfile", "WebSockets",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.embedInCode("Browser/Page")],
            swiftSettings: settings
        ),
        // RFC 6455, both sides; knows nothing of calls.
        .target(
            name: "WebSockets",
            dependencies: [
                "CCrypto",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        // Adapters of services outside the process: recognisers, models, voices, tools.
        .target(
            name: "Providers",
            dependencies: [
                "PipelineKit", "Processors", "WebSockets",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        // The providers' side of the line, by a script: for tests, and for rehearsals without a key.
        .target(
            name: "ProviderDoubles",
            dependencies: [
                "PipelineKit", "PipelineTesting", "Providers", "WebSockets",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // What remains of a call: SQLite, written off the media path.
        .target(
            name: "CallRecords",
            dependencies: [
                "PipelineKit",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        // The telephone network's side of the line, for tests and `runner simulate`.
        .target(
            name: "CarrierEmulator",
            dependencies: [
                "PipelineKit", "PipelineTesting", "Transports", "WebSockets", "CSignal",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),

        // The command line; composition happens here and only here.
        .target(
            name: "Runner",
            dependencies: [
                "PipelineKit", "Processors", "Providers", "ProviderDoubles", "Transports", "CallRecords",
                "CarrierEmulator", "CAllocations",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
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
        systemLibrary("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
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
            name: "ProvidersTests",
            dependencies: [
                "Providers", "ProviderDoubles", "Processors", "PipelineTesting",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "TransportsTests",
            dependencies: [
                "Transports", "PipelineTesting", "WebSockets", .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            exclude: ["RTVI/Golden", "Server/Certificates"],
            swiftSettings: settings),
        .testTarget(
            name: "WebSocketsTests",
            dependencies: ["WebSockets", "PipelineTesting", .product(name: "NIOEmbedded", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(
            name: "CallRecordsTests",
            dependencies: ["CallRecords", "PipelineTesting", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .testTarget(
            name: "CarrierEmulatorTests",
            dependencies: [
                "CarrierEmulator", "PipelineTesting", "Transports", "WebSockets",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "RunnerTests",
            dependencies: ["Runner", "RunnerTool", "CallRecords", "CarrierEmulator", "PipelineTesting"],
            swiftSettings: settings),
    ]
)
