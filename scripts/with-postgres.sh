#!/usr/bin/env bash
# Runs a command beside a PostgreSQL 15 of its own: with-postgres.sh COMMAND ARGUMENT…
# The server listens on 127.0.0.1 only, on a free port, keeps its data in a folder of its own
# and is stopped and removed when the command ends, however it ends. The command finds it in
# LINLI_TEST_POSTGRES; its user may create databases. With LINLI_PG_DURABLE=1 it waits for its
# disk at each commit, as a city's does; without, it is made for tests that are thrown away.
set -euo pipefail

bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d "${TMPDIR:-/tmp}/linli-postgres.XXXXXX")

# PostgreSQL refuses to run as root, so root hands it to another user.
as=()
if [ "$(id -u)" -eq 0 ]; then
  owner=postgres
  id -u "$owner" >/dev/null 2>&1 || owner=nobody
  chown "$owner" "$folder"
  as=(runuser -u "$owner" --)
fi

cleanup() {
  trap - EXIT INT TERM
  if [ -f "$folder/data/postmaster.pid" ]; then
    (cd "$folder" && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop) >/dev/null 2>&1 || true
  fi
  rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

hasty=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off)
[ -z "${LINLI_PG_DURABLE:-}" ] || hasty=()

cd "$folder"
"${as[@]}" "$bin/initdb" -D "$folder/data" -U linli --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
for _ in 1 2 3 4 5 6 7 8; do
  port=$((20000 + RANDOM % 12000))
  if "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "-p $port -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories= -c max_connections=300 ${hasty[*]}" start >/dev/null 2>&1; then
    export LINLI_TEST_POSTGRES="postgres://linli@127.0.0.1:$port/postgres?sslmode=disable"
    break
  fi
done
if [ -z "${LINLI_TEST_POSTGRES:-}" ]; then
  echo "PostgreSQL did not start:" >&2
  tail -n 20 "$folder/log" >&2 || true
  exit 1
fi
cd - >/dev/null

"$@"
