#!/usr/bin/env bash
# Formatting, vet and types of program, web and journeys. Prints what is wrong; silent when nothing is.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(find cmd internal migrations web/*.go bench -name '*.go' 2>/dev/null | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  printf 'gofmt would change (run: make fmt):\n%s\n' "$unformatted" >&2
  exit 1
fi
go vet ./...
(cd web && npm run --silent lint)
(cd test/journey && npx --no-install tsc --noEmit)
