#!/usr/bin/env bash
# Builds the verifier into .cache/observer-go/urna-observe and prints that path.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
output="$(cd "$here/../.." && pwd)/.cache/observer-go/urna-observe"
go="$(bash "$here/go.sh")"
mkdir -p "$(dirname "$output")"
cd "$here"
env -u GOROOT "$go" build -trimpath -buildvcs=false -o "$output" ./cmd/urna-observe >&2
echo "$output"
