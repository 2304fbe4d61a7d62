// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import Providers

extension RecordedAnswer {
    static let openAI = RecordedAnswer(
        body: [
            #"{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"Grüß "},"finish_reason":null}],"usage":null}"#,
            #"{"choices":[{"index":0,"delta":{"content":"Gott."},"finish_reason":null}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":"#
                + #"{"name":"get_weather","arguments":""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}},"#
                + #"{"index":1,"id":"call_b","function":{"name":"time","arguments":"{}"}}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"#
                + #""prompt_tokens_details":{"cached_tokens":4}}}"#,
            "[DONE]",
        ].map { "data: \($0)\n\n" }.joined(),
        text: "Grüß Gott.", calls: weather, usage: ModelUsage(tokensIn: 9, tokensCached: 4, tokensOut: 12))

    static let anthropic = RecordedAnswer(
        body: [
            #"{"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":"#
                + #"{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":1}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"ping"}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüß "}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Gott."}}"#,
            #"{"type":"content_block_start","index":2,"content_block":"#
                + #"{"type":"tool_use","id":"call_a","name":"get_weather","input":{}}}"#,
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#,
            #"{"type":"content_block_delta","index":2,"delta":"#
                + #"{"type":"input_json_delta","partial_json":"{\"city\":\"Oslo\"}"}}"#,
            #"{"type":"content_block_stop","index":2}"#,
            #"{"type":"content_block_start","index":3,"content_block":"#
                + #"{"type":"tool_use","id":"call_b","name":"time","input":{}}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":12}}"#,
            #"{"type":"message_stop"}"#,
        ].map { "event: x\r\ndata: \($0)\r\n\r\n" }.joined(),
        text: "Grüß Gott.", calls: weather, usage: ModelUsage(tokensIn: 9, tokensCached: 4, tokensOut: 12))

    static let ollama = RecordedAnswer(
        body: [
            #"{"model":"m","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"#,
            #"{"model":"m","message":{"role":"assistant","content":"Grüß "},"done":false}"#,
            #"{"model":"m","message":{"role":"assistant","content":"Gott."},"done":false}"#,
            #"{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"id":"call_a","function":"#
                + #"{"name":"get_weather","arguments":{"city":"Oslo"}}}]},"done":false}"#,
            #"{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"id":"call_b","function":"#
                + #"{"name":"time","arguments":{}}}]},"done":false}"#,
            #"{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","#
                + #""prompt_eval_count":9,"eval_count":12}"#,
        ].map { "\($0)\n" }.joined(),
        text: "Grüß Gott.", calls: weather, usage: ModelUsage(tokensIn: 9, tokensOut: 12))

    static let openAIResponses = RecordedAnswer(
        body: [
            #"{"type":"response.created","response":{"id":"r","status":"in_progress"}}"#,
            #"{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m"}}"#,
            #"{"type":"response.output_text.delta","output_index":0,"delta":"Grüß "}"#,
            #"{"type":"response.output_text.delta","output_index":0,"delta":"Gott."}"#,
            #"{"type":"response.output_item.added","output_index":1,"item":"#
                + #"{"type":"function_call","call_id":"call_a","name":"get_weather","arguments":""}}"#,
            #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"city\""}"#,
            #"{"type":"response.function_call_arguments.done","output_index":1,"arguments":"{\"city\":\"Oslo\"}"}"#,
            #"{"type":"response.output_item.added","output_index":2,"item":"#
                + #"{"type":"function_call","call_id":"call_b","name":"time","arguments":""}}"#,
            #"{"type":"response.completed","response":{"usage":{"input_tokens":9,"output_tokens":12,"#
                + #""input_tokens_details":{"cached_tokens":4}}}}"#,
        ].map { "event: x\ndata: \($0)\n\n" }.joined(),
        text: "Grüß Gott.", calls: weather, usage: ModelUsage(tokensIn: 9, tokensCached: 4, tokensOut: 12))
}
