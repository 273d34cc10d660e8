# Everything a developer or an operator makes here. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
ROUNDS ?= 5
ONLY ?=
LDFLAGS := -s -w -X main.version=$(VERSION)

# What each product is made from; a product older than one of its sources is made again.
GO_SOURCES  := go.mod go.sum $(shell find cmd internal migrations api web/*.go -type f -not -name '*_test.go' 2>/dev/null)
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/test/*' -not -name '*.go' -not -name '*.gen.ts' 2>/dev/null)
WEB_READY   := web/node_modules/.package-lock.json
WEB_BUILT   := web/dist/console/index.html

.PHONY: help run dev test test-dates race lint build web openapi pictures bench microbench fault fuzz journeys fmt clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Set up, build and serve the demo city on http://127.0.0.1:8080 (data in ./var)
	@exec ./bin/linli serve --demo

dev: $(WEB_READY) ## Serve the demo city and reload Go and web on every change
	@exec scripts/dev.sh

test: ## Set up and run every test: Go on SQLite and PostgreSQL, web, browser journeys
	@exec scripts/test.sh

test-dates: ## Run the Go tests on 2 January 2027 and on 29 February 2028 of the program's clock
	@scripts/need.sh go postgres nginx pgbouncer
	@scripts/with-postgres.sh scripts/dates.sh

race: ## Run the Go tests under the race detector (ONLY=./internal/platform/db for one package)
	@scripts/need.sh go postgres nginx pgbouncer gcc
	@scripts/with-postgres.sh env CGO_ENABLED=1 go test -race -count=1 -timeout 120m -p 2 $(or $(ONLY),./cmd/... ./internal/...)

lint: $(WEB_READY) test/journey/node_modules/.package-lock.json ## Check formatting, Go vet, staticcheck and TypeScript
	@scripts/lint.sh

build: bin/linli ## Build ./bin/linli: one static binary with the web inside

web: $(WEB_BUILT) ## Build the console and the field app into web/dist

openapi: ## Write api/openapi.json, docs/lifecycles.md and docs/authority-matrix.md from the program
	@mkdir -p api
	@go run ./cmd/linli openapi > api/openapi.json.new || { rm -f api/openapi.json.new; exit 1; }
	@mv api/openapi.json.new api/openapi.json
	@go run ./cmd/linli lifecycles > docs/lifecycles.md.new || { rm -f docs/lifecycles.md.new; exit 1; }
	@mv docs/lifecycles.md.new docs/lifecycles.md
	@go run ./cmd/linli authority > docs/authority-matrix.md.new
	@mv docs/authority-matrix.md.new docs/authority-matrix.md

pictures: bin/linli test/journey/node_modules/.package-lock.json ## Make the README's pictures from the running demo
	@scripts/need.sh chromium fonts
	@cd test/journey && npx --no-install playwright test --config pictures.config.ts

bench: bin/linli bench/peer/country/node_modules/.package-lock.json ## Measure Linli against its peers, as ratios (ONLY=report,inbox ROUNDS=5)
	@scripts/need.sh postgres postgis gcc
	@LINLI_PG_DURABLE=1 scripts/with-postgres.sh bash -c 'cd bench && LINLI_BENCH_POSTGRES="$$LINLI_TEST_POSTGRES" go run . -rounds $(ROUNDS) -only "$(ONLY)"'

microbench: ## Run the Go benchmarks of single functions
	@go test -run '^$$' -bench . -benchmem ./...

fault: ## Break the program under load, forty times each: kill -9, full disk, clock, database, callers
	@scripts/need.sh go postgres nginx pgbouncer
	@scripts/with-postgres.sh env LINLI_FAULT_ROUNDS=40 go test -count=1 -v -timeout 60m ./test/fault

fuzz: ## Fuzz every parser for a while (FUZZ_TIME=30s each)
	@scripts/fuzz.sh

journeys: bin/linli test/journey/node_modules/.package-lock.json ## Run the browser journeys alone, each on both engines
	@scripts/need.sh postgres chromium fonts
	@LINLI_JOURNEYS=both scripts/with-postgres.sh bash -c 'cd test/journey && npx --no-install playwright test'

fmt: $(WEB_READY) ## Format Go, TypeScript, Vue and styles
	@gofmt -w cmd internal migrations web/*.go
	@cd web && npm run --silent format

clean: ## Remove what was built; ./var with its data stays
	@rm -rf bin web/dist/console web/dist/field web/dist/reference test/journey/results

bin/linli: $(GO_SOURCES) $(WEB_BUILT)
	@scripts/need.sh go
	@echo "building $@ $(VERSION)" >&2
	@CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/linli

$(WEB_BUILT): $(WEB_READY) $(WEB_SOURCES)
	@echo "building the web" >&2
	@cd web && npm run --silent build >&2
	@touch $@

# npm writes .package-lock.json at the end of an installation that went well.
%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	@scripts/need.sh node
	@echo "installing the npm packages of $*" >&2
	@cd $* && npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@
