#!/usr/bin/env bash
# Prints the path of a geth 1.13.15, the last one that seals Clique blocks: the one on PATH, or one built from Go's module proxy (about 4 minutes, once).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
version=1.13.15
cache="${XDG_CACHE_HOME:-$HOME/.cache}/urna/geth-v$version"

is_it() { [[ "$("$1" version 2>/dev/null)" == *"Version: $version-"* ]]; }

for candidate in geth "$cache/geth"; do
  if command -v "$candidate" >/dev/null && is_it "$candidate"; then
    command -v "$candidate"
    exit
  fi
done
go="$(bash "$here/../../client/observer-go/go.sh")"
echo "contracts/network: building geth $version, about 4 minutes" >&2
mkdir -p "$cache"
scratch="$(mktemp -d "$cache/build-XXXXXX")"
trap 'rm -rf "$scratch"' EXIT
# This geth uses what newer linkers forbid: it is built with the Go of its time.
(cd "$scratch" && env -u GOROOT -u GOFLAGS GOTOOLCHAIN=go1.22.12 GOBIN="$scratch" "$go" install -trimpath "github.com/ethereum/go-ethereum/cmd/geth@v$version") >&2
is_it "$scratch/geth"
mv "$scratch/geth" "$cache/geth"
echo "$cache/geth"
