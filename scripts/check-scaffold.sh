#!/usr/bin/env bash
# Builds and tests a plug-in as 'runner new plugin' writes it, against the modules and objects that 'swift test' has
# built: seconds, where a package of its own would build every dependency anew.
set -euo pipefail
cd "$(dirname "$0")/.."

built=$(swift build --show-bin-path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$built/runner" new plugin word_counter --directory "$work" --library "$PWD" > "$work/log"
plugin=$work/word_counter
swift package --package-path "$plugin" dump-package > "$work/manifest.json"

packages=(libcrypto opus pocketsphinx samplerate sndfile sqlite3 yaml-0.1)
# What clients of the modules need to know of the C modules below them.
mapfile -t maps < <(grep -o '"-fmodule-map-file=[^"]*"' .build/debug.yaml | tr -d '"' | sort -u | sed 's/^/-Xcc\n/')
compile=(swiftc -swift-version 6 -warnings-as-errors -enable-testing -I "$built/Modules" -I "$work" "${maps[@]}"
    $(pkg-config --cflags "${packages[@]}"))

"${compile[@]}" -parse-as-library -module-name WordCounter -emit-module -emit-module-path "$work/WordCounter.swiftmodule" \
    -c "$plugin"/Sources/WordCounter/*.swift -o "$work/WordCounter.o"
"${compile[@]}" -typecheck -module-name word_counter_runner "$plugin"/Sources/word_counter-runner/main.swift

# The tests with swift-testing's own main, which SwiftPM would write.
cat > "$work/Main.swift" << 'MAIN'
import Testing

@main struct Main {
    static func main() async { await Testing.__swiftPMEntryPoint() as Never }
}
MAIN
grep -v -e 'Tests\.build/' -e 'Tests\.derived/' -e 'RunnerTool\.build/' \
    "$built/voice-pipelinePackageTests.product/Objects.LinkFileList" > "$work/objects"
"${compile[@]}" -parse-as-library -module-name WordCounterTests "$plugin"/Tests/WordCounterTests/*.swift \
    "$work/Main.swift" "$work/WordCounter.o" "@$work/objects" $(pkg-config --libs "${packages[@]}") -lstdc++ -o "$work/tests"
"$work/tests" --testing-library swift-testing
