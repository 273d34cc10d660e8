#!/usr/bin/env bash
# Serves the demo city and reloads what changes: the Go program is built and started again
# when a source is newer than it, the console (port 5173) and the field app (port 5174) are
# served by Vite, which passes /api on to the program.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need.sh go node
program=bin/linli-dev
server=

stop() {
  trap - EXIT INT TERM
  kill $(jobs -p) 2>/dev/null || true
  wait
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" || true; }
  "$program" serve --demo &
  server=$!
}

(cd web && exec node node_modules/vite/bin/vite.js --config console/vite.config.ts) &
(cd web && exec node node_modules/vite/bin/vite.js --config field/vite.config.ts) &

while true; do
  if [ ! -e "$program" ] || [ -n "$(find cmd internal migrations go.mod -newer "$program" -type f -not -name '*_test.go' -print -quit)" ]; then
    if go build -o "$program.new" ./cmd/linli; then
      mv "$program.new" "$program"
      start
    else
      touch "$program" # wait for the next change
    fi
  elif [ -z "$server" ]; then
    start
  fi
  sleep 1
done
