// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A bucket of tokens for each client: a request takes one, and they come back at a steady rate.
///
/// Knows no clock. Holds a bounded number of clients; when that many are being slowed down at once, newcomers share one
/// bucket.
struct TokenBuckets {
    private struct Bucket {
        var tokens: Double
        var time: Duration
    }

    private let capacity: Double
    private let tokensPerSecond: Double
    private let mostClients: Int
    private var buckets: [ClientKey: Bucket] = [:]

    /// Creates full buckets.
    init(perMinute: Int, mostClients: Int = 10_000) {
        capacity = Double(perMinute)
        tokensPerSecond = Double(perMinute) / 60
        self.mostClients = mostClients
    }

    /// Clients that are remembered.
    var clientCount: Int { buckets.count }

    /// How long a client must wait for a token; `nil` when there is one.
    mutating func delay(_ client: ClientKey, at now: Duration) -> Duration? {
        let tokens = bucket(client, at: now).tokens
        return tokens >= 1 ? nil : .seconds((1 - tokens) / tokensPerSecond)
    }

    /// Takes a token, if there is one.
    mutating func take(_ client: ClientKey, at now: Duration) {
        var bucket = bucket(client, at: now)
        bucket.tokens = max(0, bucket.tokens - 1)
        buckets[slot(client, at: now)] = bucket
    }

    private mutating func bucket(_ client: ClientKey, at now: Duration) -> Bucket {
        filled(buckets[slot(client, at: now)] ?? Bucket(tokens: capacity, time: now), at: now)
    }

    private func filled(_ bucket: Bucket, at now: Duration) -> Bucket {
        let new = max(0, (now - bucket.time) / .seconds(1)) * tokensPerSecond
        return Bucket(tokens: min(capacity, bucket.tokens + new), time: now)
    }

    /// Where the client's bucket is; makes room by forgetting buckets that have filled up, which nobody will notice.
    private mutating func slot(_ client: ClientKey, at now: Duration) -> ClientKey {
        guard buckets[client] == nil, buckets.count >= mostClients else { return client }
        if buckets.count == mostClients { buckets = buckets.filter { filled($0.value, at: now).tokens < capacity } }
        return buckets.count < mostClients ? client : .others
    }
}
