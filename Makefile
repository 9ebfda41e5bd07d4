# What one does with this repository. `make` alone lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
TRACED := $(TARGET_DIR)/release/traced
PORT ?= 8080
# More for the program that a target starts: make run ARGS='--memory 1GiB'
ARGS ?=
TARGETS ?= contract_parse otlp_protobuf otlp_json zipkin_json batch_read wal_read segment_read
VENV := .venv
PYTHON := $(VENV)/bin/python
# A file of its own, because the python in an environment is a link to the system's.
VENV_READY := $(VENV)/ready
# The dashboard, which the server has inside. It is built anew when one of its files has changed.
DASHBOARD := dashboard/dist/index.html
DASHBOARD_SOURCES := $(shell find dashboard/src dashboard/public dashboard/index.html dashboard/vite.config.ts dashboard/tsconfig.json -type f)
DASHBOARD_MODULES := dashboard/node_modules/.package-lock.json
# Swagger UI, which shows the API reference at /docs. npm writes this file at the end.
REFERENCE_FOLDER := crates/server/reference
REFERENCE := $(REFERENCE_FOLDER)/node_modules/.package-lock.json
CLIENTS := tests/clients
# npm writes this file at the end.
NODE_READY := $(CLIENTS)/node/node_modules/.package-lock.json
PID := run/traced.pid
LOG := run/traced.log
# Settings reach every program through the environment: WINDOW_MINUTES, WORKERS, DURATION and the rest.
TRACED_LISTEN ?= 127.0.0.1:$(PORT)
TARGET_URL ?= http://localhost:$(PORT)
export TRACED_LISTEN TARGET_URL
# Where tests/install.sh puts Node.js if the machine has none that is new enough.
export PATH := $(CURDIR)/.node/path:$(PATH)

.PHONY: help run dev emit test test-rust test-dashboard test-api test-clients test-live deny up up-binary down bench bench-upkeep bench-fill bench-otlp bench-micro baseline crash larger-than-memory fuzz screenshots fmt lint build tools clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

run: build ## Serve on port 8080 (PORT=, WINDOW_MINUTES=, ARGS=)
	@exec $(TRACED) serve $(ARGS)

dev: $(DASHBOARD_MODULES) ## Work on the dashboard with hot reload, beside a running server (TARGET_URL=)
	npm run --prefix dashboard dev

emit: build ## Send traces to a running server, then verify them (TARGET_URL=, DURATION=, ARGS=)
	@exec $(TRACED) emit $(ARGS)

test: tools ## Run everything that CI runs; installs what it needs
	$(MAKE) lint
	$(MAKE) test-rust
	$(MAKE) test-dashboard
	$(MAKE) test-api
	$(MAKE) test-clients
	@if cargo deny --version >/dev/null 2>&1; then $(MAKE) deny; \
	  else echo "cargo-deny is not installed: licences and advisories were not checked (make deny does)"; fi

test-rust: ## Run the tests of all crates, and compile the benchmarks
	cargo nextest run --workspace --locked
	cargo test --doc --workspace --locked --quiet
	cargo bench --workspace --locked --profile fast --no-run

test-dashboard: $(DASHBOARD) $(REFERENCE) ## Test the dashboard: its parts, and in Chromium against a server, with the contract alone, too
	npm run --prefix dashboard lint
	npm run --prefix dashboard types:check
	npm test --prefix dashboard
	bash tests/install.sh chromium
	cargo build --profile fast --locked --bin traced
	TRACED_BINARY=$(abspath $(TARGET_DIR))/fast/traced npm run --prefix dashboard test:browser
	TRACED_BINARY=$(abspath $(TARGET_DIR))/fast/traced npm run --prefix dashboard test:contract

SECONDS ?= 600
test-live: export TRACED_BINARY = $(abspath $(TARGET_DIR))/fast/traced
test-live: $(DASHBOARD) $(REFERENCE) ## Watch the dashboard while traces come, and measure its speed; best on a quiet machine (SECONDS=600)
	bash tests/install.sh chromium
	cargo build --profile fast --locked --bin traced
	SECONDS=$(SECONDS) npm run --prefix dashboard test:watch
	npm run --prefix dashboard test:perf
	SECONDS=$(SECONDS) npm run --prefix dashboard test:live

test-api: $(VENV_READY) ## Drive a server of its own with requests made from the OpenAPI document
	cargo build --profile fast --locked --bin traced
	$(PYTHON) tests/api/run.py $(TARGET_DIR)/fast/traced serve --listen 127.0.0.1:0 --otlp-grpc off --otlp-http off --in-memory

test-clients: $(VENV_READY) $(NODE_READY) ## Send with the SDKs of others, and compare what comes back
	cargo build --profile fast --locked --bin traced
	cargo build --manifest-path $(CLIENTS)/rust/Cargo.toml --target-dir $(TARGET_DIR) --locked
	$(PYTHON) $(CLIENTS)/run.py $(TARGET_DIR)/fast/traced $(TARGET_DIR)/debug/otlp-client

deny: ## Check licences, advisories and sources; installs cargo-deny, which takes minutes
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
	cargo deny --all-features check

up: ## Start a server in the background: with Docker Compose where a daemon answers, else the binary
	@if docker info >/dev/null 2>&1; then docker compose up --build --detach --wait; \
	  else $(MAKE) --no-print-directory up-binary; fi

# The first line of the log says that the server listens; it is waited for, not guessed. A process number may be
# another program's by now, so its name is looked at too.
IS_UP = [ -s $(PID) ] && read -r pid <$(PID) && \
  [ "$$(cat /proc/$$pid/comm 2>/dev/null || ps -o comm= -p $$pid)" = traced ]
up-binary: build
	@mkdir -p run
	@if $(IS_UP); then echo "runs already, as $$pid"; exit 0; fi; \
	nohup $(TRACED) serve $(ARGS) >$(LOG) 2>&1 </dev/null & pid=$$!; echo $$pid >$(PID); \
	until grep -m1 'listens on' $(LOG) 2>/dev/null; do \
	  kill -0 $$pid 2>/dev/null || { cat $(LOG); rm -f $(PID); exit 1; }; sleep 0.1; done

down: ## Stop what `up` started
	@if $(IS_UP); then kill $$pid; \
	  while kill -0 $$pid 2>/dev/null; do sleep 0.1; done; echo "stopped $$pid"; fi
	@rm -f $(PID)
	@if docker info >/dev/null 2>&1; then docker compose down; fi

bench: ## Measure processor time for each span, beside the floor, in one run (ARGS='--rounds 9')
	cargo build --release --locked --bin traced --example floor
	$(TRACED) bench --floor $(TARGET_DIR)/release/examples/floor $(ARGS)

bench-upkeep: build ## Measure latencies with and without sealing, merging and eviction beside (ARGS=)
	$(TRACED) bench --upkeep $(ARGS)

FILL ?= 1000000,10000000,50000000
bench-fill: build ## Fill one server and measure on the way (FILL=1000000,10000000,50000000, ARGS=)
	$(TRACED) bench --fill $(FILL) $(ARGS)

bench-otlp: build ## Measure spans of OpenTelemetry's protocol with 0, 5 and 20 attributes: time, and bytes beside zstd (ARGS=)
	$(TRACED) bench --otlp 0,5,20 $(ARGS)

bench-micro: ## Measure parsing and the store by themselves
	cargo bench --workspace --locked

# Tests of `make test` with larger numbers, against a build that is nearly a release.
LONG_TEST = TRACED_BINARY=$(abspath $(TARGET_DIR))/fast/traced \
  cargo test --locked --package traced --test command_line -- --nocapture
ROUNDS ?= 200
crash: ## Kill a server under full load again and again; nothing acknowledged may be lost (ROUNDS=200, CRASH_SEED=)
	cargo build --profile fast --locked --bin traced
	CRASH_ROUNDS=$(ROUNDS) $(LONG_TEST) crash::

DATA_LIMIT_MIB ?= 384
TIMES ?= 4
larger-than-memory: ## Fill a server with four times the memory that it may have, and verify (DATA_LIMIT_MIB=384, TIMES=4); Linux
	cargo build --profile fast --locked --bin traced
	LARGER_LIMIT_MIB=$(DATA_LIMIT_MIB) LARGER_TIMES=$(TIMES) $(LONG_TEST) larger::

fuzz: ## Read hostile files, a minute for each format (TARGETS=); needs the nightly compiler and cargo-fuzz
	@# What it finds goes into the first folder; the second has the seeds.
	@for target in $(TARGETS); do mkdir -p fuzz/target/corpus/$$target; \
	  cargo +nightly fuzz run $$target fuzz/target/corpus/$$target fuzz/corpus/$$target -- -max_total_time=60 -max_len=4096; done

baseline: ## Measure other stores with the same spans; compiles them, which takes minutes (ARGS='10000000 fjall')
	cargo run --manifest-path baseline/Cargo.toml --target-dir $(TARGET_DIR) --release --locked -- $(ARGS)

screenshots: build ## Take the pictures of the README
	bash tests/install.sh chromium
	TRACED_BINARY=$(abspath $(TRACED)) npm run --prefix dashboard readme

fmt: ## Format the Rust code
	cargo fmt --all
	cargo fmt --manifest-path baseline/Cargo.toml
	cargo fmt --manifest-path $(CLIENTS)/rust/Cargo.toml

lint: ## Check format and lints; a warning is an error
	cargo fmt --all --check
	cargo fmt --manifest-path baseline/Cargo.toml --check
	cargo fmt --manifest-path $(CLIENTS)/rust/Cargo.toml --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy --manifest-path $(CLIENTS)/rust/Cargo.toml --target-dir $(TARGET_DIR) --locked -- -D warnings

build: $(DASHBOARD) $(REFERENCE)
	cargo build --release --locked --bin traced

$(DASHBOARD_MODULES): dashboard/package-lock.json
	@bash tests/install.sh node
	npm ci --prefix dashboard
	@touch $@

$(DASHBOARD): $(DASHBOARD_SOURCES) $(DASHBOARD_MODULES)
	npm run --prefix dashboard build
	@# Cargo knows of the folder only since it was there.
	@touch $@ crates/server/build.rs

# The package brings no scripts that are needed, and one that reports installations to somebody.
$(REFERENCE): $(REFERENCE_FOLDER)/package-lock.json
	@bash tests/install.sh node
	npm ci --prefix $(REFERENCE_FOLDER) --ignore-scripts
	@touch $@ crates/server/build.rs

tools: $(VENV_READY) # What `test` needs beside the Rust toolchain.
	@bash tests/install.sh

$(NODE_READY): $(CLIENTS)/node/package-lock.json
	@bash tests/install.sh node
	npm --prefix $(CLIENTS)/node ci --no-progress
	@touch $@

$(VENV_READY): tests/requirements.txt tests/constraints.txt
	bash tests/install.sh python3-venv
	@# A python that cannot make environments is passed over for the system's own.
	python3 -m venv --clear $(VENV) 2>/dev/null || /usr/bin/python3 -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $< --constraint tests/constraints.txt
	@touch $@

clean: ## Remove what was built and installed here
	cargo clean
	rm -rf $(VENV) .node run $(CLIENTS)/node/node_modules
	rm -rf $(REFERENCE_FOLDER)/node_modules dashboard/dist dashboard/node_modules dashboard/tools/apigen/node_modules
