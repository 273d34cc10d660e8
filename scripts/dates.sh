#!/usr/bin/env bash
# The Go tests as they run on other days: in a year whose calendar does not ship with the program, and
# on a leap day. Called beside a PostgreSQL, see with-postgres.sh.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
for at in 2027-01-02T02:00:00Z 2028-02-29T02:00:00Z; do
  echo "== the Go tests begin at $at"
  LINLI_TEST_NOW=$at go test -count=1 -timeout 60m ./cmd/... ./internal/... || failed=1
done
exit "$failed"
