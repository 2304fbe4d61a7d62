// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import PipelineKit
import Testing

@testable import Transports

@Suite struct PrometheusTextTests {
    @Test func writesCountersGaugesAndHistograms() {
        let store = MetricsStore()
        Counter(label: "calls_total", dimensions: [("transport", "twilio")], factory: store).increment(by: 2)
        Counter(label: "calls_total", dimensions: [("transport", "a\"\\\n")], factory: store).increment()
        Gauge(label: "active_calls", factory: store).record(1.5)
        let recorder = Recorder(label: "turn_rtt_ms", dimensions: [], aggregate: true, factory: store)
        for value in [4, 5, 9000, 20_000] { recorder.record(value) }
        #expect(
            PrometheusText(store).text == """
                # TYPE active_calls gauge
                active_calls 1.5
                # TYPE calls_total counter
                calls_total{transport="a\\"\\\\\\n"} 1
                calls_total{transport="twilio"} 2
                # TYPE turn_rtt_ms histogram
                turn_rtt_ms_bucket{le="5"} 2
                turn_rtt_ms_bucket{le="10"} 2
                turn_rtt_ms_bucket{le="20"} 2
                turn_rtt_ms_bucket{le="50"} 2
                turn_rtt_ms_bucket{le="100"} 2
                turn_rtt_ms_bucket{le="200"} 2
                turn_rtt_ms_bucket{le="300"} 2
                turn_rtt_ms_bucket{le="400"} 2
                turn_rtt_ms_bucket{le="500"} 2
                turn_rtt_ms_bucket{le="750"} 2
                turn_rtt_ms_bucket{le="1000"} 2
                turn_rtt_ms_bucket{le="1500"} 2
                turn_rtt_ms_bucket{le="2000"} 2
                turn_rtt_ms_bucket{le="3000"} 2
                turn_rtt_ms_bucket{le="5000"} 2
                turn_rtt_ms_bucket{le="10000"} 3
                turn_rtt_ms_bucket{le="+Inf"} 4
                turn_rtt_ms_sum 29009
                turn_rtt_ms_count 4

                """)
    }

    @Test func cleansNamesAndMeasuresTimesInSeconds() {
        let store = MetricsStore()
        Timer(label: "http.client time", factory: store).recordNanoseconds(1_500_000_000)
        Gauge(label: "1st", dimensions: [("a-b", "c")], factory: store).record(3)
        let text = PrometheusText(store).text
        #expect(text.contains("http_client_time_seconds_sum 1.5\n"))
        #expect(text.contains("_1st{a_b=\"c\"} 3\n"))
    }

    @Test func keepsABoundedNumberOfSeries() {
        let store = MetricsStore()
        for number in 0..<1000 {
            Counter(label: "requests", dimensions: [("path", "\(number)")], factory: store).increment()
        }
        for number in 0..<1000 { Counter(label: "name_\(number)", factory: store).increment() }
        let lines = PrometheusText(store).text.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("requests{") } == 201)
        #expect(lines.contains("requests{overflow=\"true\"} 800"))
        #expect(lines.count { $0.hasPrefix("# TYPE ") } == 500)
    }
}
