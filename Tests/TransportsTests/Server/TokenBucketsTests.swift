// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Testing

@testable import Transports

@Suite struct TokenBucketsTests {
    private func client(_ number: Int) -> ClientKey {
        ClientKey(bytes: [10, 0, UInt8(number / 256), UInt8(number % 256)])
    }

    @Test func giveBackAtASteadyRate() {
        var buckets = TokenBuckets(perMinute: 60)
        let one = client(1)
        for _ in 0..<60 {
            #expect(buckets.delay(one, at: .zero) == nil)
            buckets.take(one, at: .zero)
        }
        #expect(buckets.delay(one, at: .zero) == .seconds(1))
        #expect(buckets.delay(client(2), at: .zero) == nil)
        #expect(buckets.delay(one, at: .milliseconds(500)) == .milliseconds(500))
        #expect(buckets.delay(one, at: .seconds(1)) == nil)
        buckets.take(one, at: .seconds(1))
        #expect(buckets.delay(one, at: .seconds(1)) == .seconds(1))
        #expect(buckets.delay(one, at: .seconds(600)) == nil)
    }

    @Test func rememberABoundedNumberOfClients() {
        var buckets = TokenBuckets(perMinute: 60, mostClients: 100)
        for number in 0..<1000 { buckets.take(client(number), at: .zero) }
        #expect(buckets.clientCount <= 101)
        // Newcomers share what is left to them ...
        for _ in 0..<60 { buckets.take(client(5000), at: .zero) }
        #expect(buckets.delay(client(6000), at: .zero) != nil)
        #expect(buckets.delay(client(1), at: .zero) == nil)
        // ... until others have been quiet for long enough to be forgotten.
        buckets.take(client(6000), at: .seconds(2))
        #expect(buckets.delay(client(7000), at: .seconds(2)) == nil)
    }

    @Test func countAnIPv6NetworkAsOneClient() throws {
        let addresses = try ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"].map {
            try #require(IPAddress($0))
        }
        #expect(ClientKey(addresses[0]) == ClientKey(addresses[1]))
        #expect(ClientKey(addresses[0]) != ClientKey(addresses[2]))
        let mapped = try #require(IPAddress("::ffff:10.0.0.1"))
        #expect(ClientKey(mapped) == client(1))
    }
}
