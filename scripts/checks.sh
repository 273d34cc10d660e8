#!/usr/bin/env bash
# The parts of `make test`, one after the other. Each is named as it begins; the last line
# counts them. A part that fails does not hide the ones after it.
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0

part() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@" </dev/null; then
    passed=$((passed + 1))
    printf -- '-- %s: passed in %d s\n' "$name" $((SECONDS - start))
  else
    failed=$((failed + 1))
    printf -- '-- %s: FAILED after %d s\n' "$name" $((SECONDS - start))
  fi
}

web_tests() { (cd web && npm test --silent); }
web_sizes() { (cd web && npm run --silent sizes); }
# Little lives long in a test: most of what the collector did was in vain. What the linker writes for a
# debugger nobody reads here, and vet has run with the formatting. The two that last longest begin first.
go_tests() { GOGC=300 go test -count=1 -timeout 20m -vet=off -ldflags='-s -w' ./internal/app ./test/fault ./...; }
journeys() { (cd test/journey && npx --no-install playwright test); }

# The API document is generated: the committed one must be what the Go types say today.
contract() {
  local fresh
  fresh=$(mktemp)
  ./bin/linli openapi >"$fresh" && diff -u api/openapi.json "$fresh" | sed -n '1,40p'
  local result=("${PIPESTATUS[@]}")
  rm -f "$fresh"
  [ "${result[0]}" -eq 0 ] && return
  echo "api/openapi.json is not what the Go types say; run: make openapi" >&2
  return 1
}

part 'formatting, vet, staticcheck and types' scripts/lint.sh
part 'web unit tests' web_tests
part 'build of web and binary' make build
part 'sizes of the web' web_sizes
part 'API document is up to date' contract
part 'Go tests on SQLite and PostgreSQL' go_tests
part 'browser journeys, by turns on SQLite and PostgreSQL' journeys

printf '\nall parts in %d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
[ "$failed" -eq 0 ]
