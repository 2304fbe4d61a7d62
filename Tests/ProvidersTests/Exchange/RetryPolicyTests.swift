// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Providers
import Testing

@Suite struct RetryPolicyTests {
    private static func delays(_ error: ProviderError) -> [Duration?] {
        var policy = RetryPolicy()
        return (0..<2).map { _ in policy.delay(after: error) }
    }

    @Test func triesOnceMoreWhatMayPass() {
        #expect(Self.delays(ProviderError(.transient, "reset")) == [.zero, nil])
        #expect(Self.delays(ProviderError(.capacity, "busy", retryAfter: .seconds(1))) == [.seconds(1), nil])
    }

    @Test(arguments: [
        ProviderError(.permanent, "wrong key"), ProviderError(.malformed, "no JSON"), ProviderError(.capacity, "busy"),
        ProviderError(.capacity, "busy", retryAfter: .milliseconds(1001)),
        ProviderError(.transient, "restarting", retryAfter: .seconds(30)),
        ProviderError.late("no answer came", within: .seconds(5), "first_byte_timeout"),
    ])
    func triesNothingElseAgain(error: ProviderError) {
        #expect(Self.delays(error) == [nil, nil])
    }

    @Test func spreadsConnectionsThatAreOpenedAgain() {
        var backoff = Backoff(seed: "call")
        let delays = (0..<12).map { _ in backoff.delay(after: ProviderError(.transient, "reset"), life: nil) }
        for (index, delay) in delays.enumerated() {
            let ceiling = min(Duration.milliseconds(250) * (1 << index), .seconds(10))
            #expect(delay.map { (.zero...ceiling).contains($0) } == true)
        }
        #expect(Set(delays).count == 12)
        var again = Backoff(seed: "call")
        #expect(again.delay(after: ProviderError(.transient, "reset"), life: nil) == delays[0])
    }

    @Test func givesUpAfterThreeYoungDeaths() {
        var backoff = Backoff(seed: "call")
        let error = ProviderError(.transient, "closed")
        let lives: [Duration] = [.seconds(1), .seconds(1), .seconds(6), .seconds(1), .seconds(1), .seconds(1)]
        #expect(
            lives.map { backoff.delay(after: error, life: $0) == nil } == [false, false, false, false, false, true])
    }

    @Test func givesUpAtOnceOnAWrongKey() {
        var backoff = Backoff(seed: "call")
        #expect(backoff.delay(after: ProviderError(.permanent, "wrong key"), life: nil) == nil)
    }
}
