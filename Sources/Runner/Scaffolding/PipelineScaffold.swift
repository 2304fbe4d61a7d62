// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

/// A pipeline that works as it is, to be changed from there.
struct PipelineScaffold {
    /// The pipeline's name.
    let name: String

    /// The pipeline and the rules of its agent.
    var files: [ScaffoldFile] {
        [ScaffoldFile(path: "\(name).yaml", text: pipeline), ScaffoldFile(path: "\(name).rules.yaml", text: rules)]
    }

    private var pipeline: String {
        """
        # yaml-language-server: $schema=pipeline.schema.json
        # Hears, answers by rules and speaks, on this machine alone.
        pipeline: \(name)
        transports:
          - file: {}                       # runner run \(name).yaml --input caller.wav
        limits: { idle: 30s }
        processors:
          - caller:                        # the transport's source
          - energy_vad: {}
          - turn: {}
          - pocketsphinx_stt: { rules: \(name).rules.yaml }
          - user_context: {}
          - rules_llm: { rules: \(name).rules.yaml }
            id: brain
          - sentences: {}
          - flite_tts: {}
          - speaker:                       # the transport's sink
          - assistant_context: {}
        tests:
          - name: the agent greets the caller
            steps:
              - {wait: 4s}
            expect:
              - {event: agent_speaking, within: 2s}
              - {transcript: how can I help, by: agent}

        """
    }

    private var rules: String {
        """
        # What the agent understands and says.
        greeting:
          say: Hello. How can I help you?
        intents:
          opening_hours:
            phrases:
              - when are you open
              - what are your opening hours
            reply: We are open from nine to five.
          goodbye:
            phrases: [goodbye, thank you goodbye]
            reply: Goodbye.
            end_call: true

        """
    }
}
