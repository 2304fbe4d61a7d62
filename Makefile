# The commands are `make demo`, `make serve` and `make test`; the rest are their steps.

RUNNER = .build/release/runner
CALLER = pipelines/fixtures/front_desk_caller.wav

.PHONY: demo serve test test-browser test-proxy build setup setup-tests models lint generate check-generated format bench clean

# A recorded caller talks to the offline front desk; needs no key and no network once the packages are there.
demo: setup models build
	$(RUNNER) run pipelines/front_desk.yaml --input $(CALLER)

# The front desk on a page: press Talk and speak.
serve: setup models build
	@echo "Open http://localhost:$${PORT:-8080}"
	$(RUNNER) run pipelines/front_desk.yaml

# Everything that is tested; four tests at a time, so that one that waits for a process or a socket is soon looked after.
test: setup-tests models test-browser test-proxy
	swift test --parallel --experimental-maximum-parallelization-width 4

# The page in a real browser.
test-browser: setup-tests models build
	scripts/test-browser.py --runner $(RUNNER)

# Calls through nginx with the configurations of deploy/.
test-proxy: setup-tests build
	scripts/test-proxy.py --runner $(RUNNER)

build: setup
	swift build --configuration release --product runner

# The Debian packages that are missing.
setup:
	@scripts/install-packages.sh

setup-tests:
	@scripts/install-packages.sh --with-tests

# The weights of the voice activity model; without them the energy detector is used.
models:
	@scripts/fetch-silero.py || echo "Going on without the Silero weights: pipelines fall back to energy_vad."

lint: build
	$(RUNNER) lint pipelines/*.yaml

# What is written from the schemas: completion for editors, and the reference.
generate: build
	$(RUNNER) schema --output pipelines/pipeline.schema.json
	$(RUNNER) schema --rules --output pipelines/rules.schema.json
	$(RUNNER) describe --all --markdown > docs/reference.md

check-generated: build
	$(RUNNER) schema | diff - pipelines/pipeline.schema.json
	$(RUNNER) schema --rules | diff - pipelines/rules.schema.json
	$(RUNNER) describe --all --markdown | diff - docs/reference.md

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks

bench: build
	$(RUNNER) bench core

clean:
	rm -rf .build
