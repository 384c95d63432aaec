#!/usr/bin/env bash
# npm test [-- [--fast] [--clique] [folder…]]: sets up what is missing, runs the tests, and fails where a suite did not run. With --clique, the suites
# that can run on a geth that seals Clique blocks run there, and no others.
set -euo pipefail
cd "$(dirname "$0")/.."
ignored=()
folders=()
# What takes its chain from contracts/fixture/test-chain.ts, and nothing that only the embedded one can do.
on_clique='(ballots|ceremony|deploy|election|follower|lib|roll|tally)/'
for word in "$@"; do
  case "$word" in
    --fast) ignored+=('\.slow\.test\.ts$') ;;
    --clique)
      export URNA_TEST_CHAIN=clique
      ignored+=("^(?!.*/test/contracts/$on_clique)")
      ;;
    -*) echo "usage: npm test -- [--fast] [--clique] [folder…]" >&2; exit 2 ;;
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
left_out="$(IFS='|'; echo "${ignored[*]}")"
ignore=()
[ "${#ignored[@]}" -gt 0 ] && ignore=(--testPathIgnorePatterns "$left_out" '/node_modules/')
export NODE_OPTIONS="${NODE_OPTIONS:-} --experimental-vm-modules --no-warnings --max-old-space-size=8192"
status=0
# Folders first: an option that takes several values would take them for more of its own.
node node_modules/jest/bin/jest.js "${folders[@]}" --json --outputFile="$report" "${ignore[@]}" || status=$?
node test/count-suites.mjs "$report" "$left_out" "${folders[@]}"
exit "$status"
