# `make run` and `make test` need nothing but a Debian or Ubuntu machine: each target
# first sets up what it needs, and does nothing for what is there already.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

setup := .tools/setup.sh
with := .tools/with.sh
wasm := wasm32-unknown-unknown
# Exactly one of the features `ssr` and `hydrate` is on in every call.
server := --features ssr
browser := --features hydrate --lib --target $(wasm)

.PHONY: help setup run dev build test bench fmt lint doc clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build, fill a demo organisation and serve it
	@$(setup) toolchain leptos
	@echo "[run] building server and front end"
	@$(with) cargo leptos build
	@.tools/run.sh

test: ## Every check: format, lints, documentation, tests on both databases, browser
	@.tools/test.sh

dev: ## Rebuild and reload at every change
	@$(setup) toolchain leptos
	@$(with) cargo leptos watch -- serve

build: ## The release: target/release/muster, hash.txt beside it, and target/site
	@$(setup) toolchain leptos node
	@$(with) cargo leptos build --release --precompress

bench: ## Measure the release build and print the table of the README
	@$(setup) toolchain wrk
	@$(with) cargo bench $(server) --bench muster

fmt: ## Format the Rust code
	@$(setup) checks
	@$(with) cargo fmt

lint: ## Clippy for both sides
	@$(setup) checks
	@$(with) cargo clippy $(server) --all-targets -- -D warnings
	@$(with) cargo clippy $(browser) -- -D warnings

doc: ## The documentation of the code, in target/doc
	@$(setup) toolchain
	@$(with) cargo doc --no-deps $(server) --document-private-items

setup: ## Everything the other targets need
	@$(setup) toolchain checks leptos node browser postgres python wrk

clean: ## Remove what was built; data/ and the machine's tools stay
	@rm -rf target end2end/node_modules end2end/results
