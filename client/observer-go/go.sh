#!/usr/bin/env bash
# Prints the path of a Go that can build this module, and installs one where none is new enough.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cache="$(cd "$here/../.." && pwd)/.cache"
toolchain=v0.0.1-go1.24.9.linux-amd64

# From 1.21 on, Go fetches by itself the version that go.mod asks for.
new_enough() {
  local version minor
  version="$("$1" env GOVERSION 2>/dev/null)" || return 1
  minor="${version#go1.}"
  minor="${minor%%[!0-9]*}"
  [ -n "$minor" ] && [ "$minor" -ge 21 ]
}

find_go() {
  local candidate
  for candidate in go "$cache/go/bin/go" /usr/local/go/bin/go; do
    if new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# Debian 12 has Go 1.19: old, but able to fetch the newer one as a module whose checksum it verifies.
install_go() {
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ] || [ "$(uname -m)" != x86_64 ]; then
    echo 'client/observer-go: Go 1.21 or newer is needed to build the second verifier: https://go.dev/dl' >&2
    return 1
  fi
  echo 'client/observer-go: installing Go' >&2
  command -v go >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends golang-go ca-certificates; } >&2
  find_go >/dev/null && return
  local scratch folder
  scratch="$(mktemp -d)"
  folder="$(cd "$scratch" && GOPATH="$scratch" GOFLAGS=-modcacherw go mod download -json "golang.org/toolchain@$toolchain" |
    sed -n 's/.*"Dir": "\(.*\)".*/\1/p')"
  rm -rf "$cache/go"
  mkdir -p "$cache"
  cp -r "$folder" "$cache/go"
  find "$cache/go/bin" "$cache/go/pkg/tool" -type f -exec chmod +x {} +
  rm -rf "$scratch"
}

find_go >/dev/null || install_go
find_go
