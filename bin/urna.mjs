#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.mjs', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('urna: not built yet; run "npm run setup" once [usage/not-built]\n');
  process.exit(2);
}
await import(main);
