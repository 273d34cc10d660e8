#!/usr/bin/env bash
# Formatting, vet, staticcheck and types of program, web and journeys. Prints what is wrong; silent when nothing is.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(gofmt -l cmd internal migrations web/*.go)
if [ -n "$unformatted" ]; then
  printf 'gofmt would change (run: make fmt):\n%s\n' "$unformatted" >&2
  exit 1
fi
go vet ./...
go tool staticcheck ./...
(cd web && npm run --silent lint)
(cd test/journey && npx --no-install tsc --noEmit)
