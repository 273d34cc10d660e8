#!/usr/bin/env bash
# Makes sure that what a target needs is on this machine: need.sh go node chromium postgres postgis gcc nginx pgbouncer fonts
# What Debian packages is installed when this runs as root; otherwise the exact command is
# printed and the target fails. Nothing is skipped in silence.
set -euo pipefail

packages=()
missing=()

want() { packages+=("$@"); }

for need in "$@"; do
  case $need in
    go)
      command -v go >/dev/null || missing+=("Go 1.26 or newer: https://go.dev/dl/")
      ;;
    node)
      version=$(node --version 2>/dev/null | sed 's/^v//' || true)
      if ! printf '20.19\n%s\n' "${version:-0}" | sort -C -V; then
        missing+=("Node 20.19 or newer: https://nodejs.org/en/download")
      elif ! command -v npm >/dev/null; then
        want npm
      fi
      ;;
    postgres)
      [ -x /usr/lib/postgresql/15/bin/initdb ] || want postgresql-15
      command -v psql >/dev/null || want postgresql-client-15
      ;;
    postgis)
      [ -e /usr/share/postgresql/15/extension/postgis.control ] || want postgresql-15-postgis-3
      ;;
    gcc)
      command -v gcc >/dev/null || want gcc libc6-dev g++
      ;;
    chromium)
      command -v chromium >/dev/null || want chromium
      ;;
    nginx)
      [ -x /usr/sbin/nginx ] || want nginx-light
      ;;
    pgbouncer)
      [ -x /usr/sbin/pgbouncer ] || want pgbouncer
      ;;
    fonts)
      fc-list :lang=zh-cn 2>/dev/null | grep -q . || want fontconfig fonts-noto-cjk
      ;;
    *)
      echo "need.sh: unknown need '$need'" >&2
      exit 2
      ;;
  esac
done

if [ ${#missing[@]} -gt 0 ]; then
  printf 'This target needs what Debian 12 has too old; please install\n' >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
fi
[ ${#packages[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "This target needs Debian packages. As root, run" >&2
  echo "  apt-get update && apt-get install -y --no-install-recommends ${packages[*]}" >&2
  exit 1
fi

echo "installing ${packages[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq </dev/null >&2
case " ${packages[*]} " in
  *" postgresql-15 "*)
    # Only the programs are wanted: no cluster on port 5432.
    apt-get install -y -qq --no-install-recommends postgresql-common </dev/null >&2
    if ! grep -qs '^create_main_cluster *= *false' /etc/postgresql-common/createcluster.conf; then
      echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf
    fi
    ;;
esac
apt-get install -y -qq --no-install-recommends "${packages[@]}" </dev/null >&2
