#!/usr/bin/env bash
# Runs every fuzz target for FUZZ_TIME (30s by default), one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rhoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' internal -l | xargs -n1 dirname | sort -u | while read -r package; do
  grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$package"/*_test.go | sed 's/^func //' | while read -r target; do
    echo "== $package $target"
    go test "./$package" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZ_TIME:-30s}" </dev/null
  done
done
