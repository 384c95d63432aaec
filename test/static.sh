#!/usr/bin/env bash
# Format, lint and types side by side. What has not changed since the last run is not looked at again: the caches go by content, and a file with a
# fault is never cached as right.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p .cache/check
names=()
pids=()
run() { # name command…: starts the command, whose output waits until it is its turn
  local name="$1"
  shift
  "$@" >".cache/check/$name.log" 2>&1 &
  names+=("$name")
  pids+=($!)
}
run types npm run -s types
run lint npm run -s lint
run solidity npm run -s lint:solidity
run format npm run -s format:check
status=0
for i in "${!pids[@]}"; do
  wait "${pids[$i]}" && continue
  status=1
  printf '== %s\n' "${names[$i]}" >&2
  cat ".cache/check/${names[$i]}.log" >&2
done
exit "$status"
