#!/usr/bin/env bash
# Everything that must hold before a change lands: installs what is missing, then runs every
# check beside a PostgreSQL of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need.sh go node postgres chromium nginx pgbouncer fonts
make web/node_modules/.package-lock.json test/journey/node_modules/.package-lock.json
exec scripts/with-postgres.sh scripts/checks.sh
