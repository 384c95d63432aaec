#!/usr/bin/env bash
# Sets up what is missing and nothing else: quick when all is there. Nothing outside this folder is changed.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v node >/dev/null; then
  echo 'setup: Node.js 20.19 or newer is needed: https://nodejs.org' >&2
  exit 2
fi
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) process.exit(0);
  console.error(`setup: Node.js 20.19 or newer is needed, this is ${process.versions.node}`);
  process.exit(2);
'

# What is installed against what is pinned; optional packages of other platforms may be missing.
current() {
  node -e '
    const { readFileSync } = require("node:fs");
    const read = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
    const [pinned, installed] = [read("package-lock.json"), read("node_modules/.package-lock.json")];
    const wanted = Object.entries(pinned).filter(([path, item]) => path !== "" && item.optional !== true);
    process.exit(wanted.every(([path, item]) => installed[path]?.version === item.version) ? 0 : 1);
  ' 2>/dev/null
}
if ! current; then
  echo 'setup: installing packages' >&2
  # No package needs its install script here: what is native comes as a package of its own.
  # Not `npm ci`: it refuses a lock file that was written behind a mirror without the binaries of other platforms.
  npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
fi

mkdir -p build
node build.mjs
node node_modules/tsx/dist/cli.mjs contracts/compile.ts >build/contracts.log || { cat build/contracts.log >&2; exit 1; }
