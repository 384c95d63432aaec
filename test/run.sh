#!/usr/bin/env bash
# npm test [-- [--fast] [folder…]]: sets up what is missing, runs the tests, and fails where a suite did not run.
set -euo pipefail
cd "$(dirname "$0")/.."
fast=no
folders=()
for word in "$@"; do
  case "$word" in
    --fast) fast=yes ;;
    -*) echo "usage: npm test -- [--fast] [folder…]" >&2; exit 2 ;;
    *) folders+=("$word") ;;
  esac
done
bash setup.sh
# Pages are tested in a real browser.
if ! command -v chromium >/dev/null; then
  echo 'tests: installing chromium' >&2
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >build/chromium.log 2>&1 ||
    { tail -n 5 build/chromium.log >&2; echo 'tests: the web client is tested in chromium, which could not be installed: "apt-get install chromium" as root' >&2; exit 2; }
fi
report=build/test-report.json
mkdir -p build
rm -f "$report"
ignore=()
[ "$fast" = yes ] && ignore=(--testPathIgnorePatterns '\.slow\.test\.ts$' '/node_modules/')
export NODE_OPTIONS="${NODE_OPTIONS:-} --experimental-vm-modules --no-warnings --max-old-space-size=8192"
status=0
node node_modules/jest/bin/jest.js --json --outputFile="$report" "${ignore[@]}" "${folders[@]}" || status=$?
node test/count-suites.mjs "$report" "$fast" "${folders[@]}"
exit "$status"
