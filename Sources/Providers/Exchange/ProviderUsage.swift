// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

package import PipelineKit

/// Figures that all adapters report, under the same names: `<id of the processor>.<figure>`.
package enum ProviderUsage: String, Sendable {
    /// Milliseconds from a request to the first of its answer that can be used.
    case timeToFirstByte = "ttfb_ms"
    /// Tokens that the model read.
    case tokensIn = "tokens_in"
    /// Tokens of ``tokensIn`` that the provider had read before.
    case tokensCached = "tokens_cached"
    /// Tokens that the model wrote.
    case tokensOut = "tokens_out"
    /// Characters that were spoken.
    case characters
    /// Seconds of sound that were recognised or made.
    case audioSeconds = "audio_seconds"
    /// Sentences whose speech had been kept.
    case cacheHits = "cache_hits"
    /// Steps that were tried once more.
    case retries
    /// Sockets that were opened again.
    case reconnects
    /// Exchanges that failed.
    case failures
}

extension ServiceOutput {
    /// Reports a figure of this service.
    package func report(_ figure: ProviderUsage, _ value: Double) {
        report(.metric(name: "\(processorID).\(figure.rawValue)", value: value))
    }

    /// Reports a figure of this service.
    package func report(_ figure: ProviderUsage, _ value: Int) { report(figure, Double(value)) }

    /// Reports how long the first of an answer took.
    package func reportFirstByte(since begin: MediaTime) {
        report(.timeToFirstByte, Double((now - begin).nanoseconds) / 1e6)
    }
}
