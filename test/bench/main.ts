import Table from 'cli-table3';
import type { Row } from './row.ts';

/** Every bench of DESIGN §5 that exists, by the name one asks for it with; loaded only when asked. */
const benches: Readonly<Record<string, () => Promise<{ rows(): Promise<Row[]> }>>> = {
  constraints: () => import('./circuits/constraints.ts'),
  prove: () => import('./circuits/prove.ts'),
  'prove-chromium': () => import('./circuits/browser.ts'),
  click: () => import('./circuits/click.ts'),
  phone: () => import('./web/phone.ts'),
  masks: () => import('./circuits/masks.ts'),
  verify: () => import('./protocol/verify.ts'),
  'verify-go': () => import('./protocol/verify-go.ts'),
  search: () => import('./protocol/search.ts'),
  record: () => import('./protocol/record.ts'),
  roll: () => import('./server/roll.ts'),
  cast: () => import('./server/cast.ts'),
  box: () => import('./ballot-box/box.ts'),
  'box-slots': () => import('./ballot-box/slots.ts'),
  chain: () => import('./network/chain.ts'),
  'gas-update': () => import('./contracts-ballots/gas-update.ts'),
  'gas-roll': () => import('./contracts-election/gas-roll.ts'),
  'gas-tally': () => import('./contracts-election/gas-tally.ts'),
  'gas-ceremony': () => import('./contracts-election/gas-ceremony.ts'),
};

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function table(rows: readonly Row[]): string {
  const out = new Table({ head: ['row', 'measured', 'unit', 'reference', 'ratio', 'target', 'met', 'samples'] });
  for (const row of rows) {
    const reference = row.reference === null ? '–' : round(row.reference);
    const ratio = row.ratio === null ? '–' : row.ratio.toFixed(2);
    const met = row.met === null ? 'reported' : row.met ? 'met' : 'missed';
    out.push([row.name, round(row.value), row.unit, reference, ratio, row.target, met, row.samples]);
  }
  return out.toString();
}

/** `npm run bench -- [names…] [--json]`: exit 0 whatever was met, 2 for a name that does not exist. */
async function main(words: readonly string[]): Promise<void> {
  const names = words.filter((word) => word !== '--json');
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    process.stderr.write(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
    process.exit(2);
  }
  const rows: Row[] = [];
  for (const [name, load] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`measuring ${name} …\n`);
    rows.push(...(await (await load()).rows()));
  }
  process.stdout.write(words.includes('--json') ? `${JSON.stringify(rows)}\n` : `${table(rows)}\n`);
  process.exit(0);
}

await main(process.argv.slice(2));
