#!/bin/bash
# This source file is part of the voice-pipeline project.
# SPDX-License-Identifier: Apache-2.0
#
# Makes pipelines/fixtures/front_desk_caller.wav, the recorded caller of the demonstration, and its list of timings.
# The voice (flite's rms) is another than the agent's. Needs flite and sox. Two runs differ by inaudible noise.
#
#     scripts/make-caller.sh
#
# Each line below: seconds of silence before, kind, text. A `request` is in the grammar, a `barge_in` comes while the agent
# speaks, a `remark` is outside the grammar and must be rejected.
set -euo pipefail
cd "$(dirname "$0")/.."

voice=rms
output=pipelines/fixtures/front_desk_caller.wav
list=pipelines/fixtures/front_desk_caller.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

raw=(-t raw -r 16000 -e signed -b 16 -c 1)
position=0
pieces=()

cat > "$list" <<HEADER
# What the caller of front_desk_caller.wav says, and when; written by scripts/make-caller.sh.
HEADER

milliseconds() { awk -v samples="$1" 'BEGIN { printf "%d", samples / 16 }'; }

say() {
    local pause=$1 kind=$2 text=$3 number=${#pieces[@]}
    local speech="$work/$number.speech" piece="$work/$number.raw"
    flite -voice "$voice" -t "$text" -o "$work/$number.wav"
    # One loudness for all, and no silence but ours.
    sox -D "$work/$number.wav" "${raw[@]}" "$speech" norm -6 silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse
    local length=$(($(stat -c %s "$speech") / 2))
    sox -D "${raw[@]}" "$speech" "${raw[@]}" "$piece" pad "$pause" 0
    local total=$(($(stat -c %s "$piece") / 2))
    local start=$((position + total - length))
    position=$((position + total))
    pieces+=("$piece")
    printf -- '- {start: %sms, end: %sms, kind: %s, text: "%s"}\n' \
        "$(milliseconds "$start")" "$(milliseconds "$position")" "$kind" "$text" >> "$list"
}

say 5.0 request "where are you"
say 3.2 barge_in "i would like a haircut on friday"
say 3.2 request "at three in the afternoon"
say 5.5 remark "my brother plays football with his friends"
say 8.4 request "yes that is right"
say 7.0 request "that is all thank you"

cat "${pieces[@]}" > "$work/all.raw"
# A little noise, as every line has; sox makes the same at each run (-R).
sox -R -D "${raw[@]}" "$work/all.raw" "$work/padded.wav" pad 0 3.5
sox -R -D "$work/padded.wav" "$work/noise.wav" synth whitenoise vol 0.0006
sox -R -D -m -v 1 "$work/padded.wav" -v 1 "$work/noise.wav" -b 16 "$output"
echo "$output: $(soxi -d "$output"), $(stat -c %s "$output") bytes"
