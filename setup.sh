#!/usr/bin/env bash
# Sets up what is missing and nothing else: quick when all is there. Outside this folder only Redis is installed, where there is none and we may.
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
# The services' store. The command alone does without it. It is not started here: services start their own, or use one that is configured.
if ! command -v redis-server >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo 'setup: installing redis-server' >&2
    { apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server; } \
      >build/redis.log 2>&1 || { tail -n 5 build/redis.log >&2; echo 'setup: redis-server could not be installed; the services need it' >&2; }
  else
    echo 'setup: the services need redis-server: "apt-get install redis-server" as root' >&2
  fi
fi
node build.mjs
node node_modules/tsx/dist/cli.mjs contracts/compile.ts >build/contracts.log || { cat build/contracts.log >&2; exit 1; }
node node_modules/tsx/dist/cli.mjs client/web/bundle/main.ts
