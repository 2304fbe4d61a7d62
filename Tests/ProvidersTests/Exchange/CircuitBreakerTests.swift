// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import PipelineKit
import Providers
import Testing

@Suite struct CircuitBreakerTests {
    private static let broken = ProviderError(.transient, "reset")

    private static func at(_ seconds: Double) -> MediaTime { .zero + .milliseconds(Int64(seconds * 1000)) }

    private static func admits(_ breaker: inout CircuitBreaker, at seconds: Double) -> Bool {
        (try? breaker.admit(at: at(seconds))) != nil
    }

    private static func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.patience { breaker.failed(broken, at: at(0)) }
        return breaker
    }

    @Test func opensAfterFailuresInARow() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.patience { breaker.failed(Self.broken, at: Self.at(0)) }
        #expect(Self.admits(&breaker, at: 0))
        breaker.failed(Self.broken, at: Self.at(0))
        #expect(!Self.admits(&breaker, at: 4.9))
    }

    @Test func forgetsFailuresAfterASuccess() {
        var breaker = CircuitBreaker()
        for _ in 0..<20 {
            for _ in 1..<CircuitBreaker.patience { breaker.failed(Self.broken, at: Self.at(0)) }
            breaker.succeeded()
        }
        #expect(breaker.isHealthy)
    }

    @Test func letsOneProbeThroughAndClosesWhenItSucceeds() {
        var breaker = Self.opened()
        #expect(Self.admits(&breaker, at: 5))
        #expect(!Self.admits(&breaker, at: 5.1))
        breaker.succeeded()
        #expect(Self.admits(&breaker, at: 5.2) && breaker.isHealthy)
    }

    @Test func waitsTwiceAsLongAfterEachFailedProbe() {
        var breaker = Self.opened()
        #expect(Self.admits(&breaker, at: 5))
        breaker.failed(Self.broken, at: Self.at(5))
        #expect(!Self.admits(&breaker, at: 14.9))
        #expect(Self.admits(&breaker, at: 15))
        breaker.failed(Self.broken, at: Self.at(15))
        #expect(!Self.admits(&breaker, at: 34.9))
        #expect(Self.admits(&breaker, at: 35))
    }

    @Test func letsAnotherProbeThroughWhenOneWasGivenUpOrLost() {
        var breaker = Self.opened()
        #expect(Self.admits(&breaker, at: 5))
        breaker.abandoned(at: Self.at(6))
        #expect(Self.admits(&breaker, at: 6))
        #expect(!Self.admits(&breaker, at: 65))
        #expect(Self.admits(&breaker, at: 66))
    }

    @Test func opensAtOnceWhenTheProviderNamesATime() {
        var breaker = CircuitBreaker()
        breaker.failed(ProviderError(.capacity, "daily limit", status: 429, retryAfter: .seconds(30)), at: Self.at(0))
        #expect(!Self.admits(&breaker, at: 29.9))
        #expect(Self.admits(&breaker, at: 30))
    }

    @Test func opensAtOnceWhenTheAccountIsRefused() {
        var breaker = CircuitBreaker()
        breaker.failed(ProviderError(.permanent, "wrong key", status: 401), at: Self.at(0))
        #expect(!Self.admits(&breaker, at: 59.9))
    }

    @Test func staysClosedWhenOneRequestIsRefused() {
        var breaker = CircuitBreaker()
        for status in [400, 404, 422] {
            for _ in 0..<10 { breaker.failed(ProviderError(.permanent, "no", status: status), at: Self.at(0)) }
        }
        #expect(breaker.isHealthy)
    }

    @Test func keepsAccountsApart() throws {
        let breakers = CircuitBreakers()
        let one = CircuitBreakers.Key(provider: "p", address: "a", apiKey: Secret("one"))
        let two = CircuitBreakers.Key(provider: "p", address: "a", apiKey: Secret("two"))
        breakers.note(one) { $0.failed(ProviderError(.permanent, "wrong key", status: 401), at: Self.at(0)) }
        #expect(throws: ProviderError.self) { try breakers.admit(one, at: Self.at(1)) }
        try breakers.admit(two, at: Self.at(1))
    }
}
