import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exitOf } from '../../../protocol/node/exit-codes.ts';

/** Codes and exit statuses of the table in SPEC §16; rows without a status are not errors of commands. */
function table(): [code: string, exit: number][] {
  const spec = readFileSync(join(import.meta.dirname, '../../../protocol/SPEC.md'), 'utf8');
  const rows = spec.slice(spec.indexOf('## §16')).matchAll(/^\| (`[^|]+`) \| (\d+) \| (.*) \|$/gmu);
  return [...rows].flatMap(([, codes = '', exit, meaning = '']) => {
    const names = [...codes.matchAll(/`([^`]+)`/gu)].map(([, code = '']) => code);
    return names.flatMap((code) => expand(code, meaning)).map((code): [string, number] => [code, Number(exit)]);
  });
}

/** `state/…` stands for the names that its row lists; `chain/<error>` for any of a contract's own. */
function expand(code: string, meaning: string): string[] {
  if (code.endsWith('/…')) {
    const names = [...meaning.matchAll(/`([a-z-]+)`/gu)].map(([, name = '']) => name);
    return names.map((name) => code.replace('…', name));
  }
  return [code.replace('<error>', 'too-few-signatures')];
}

describe('exitOf', () => {
  it('gives every code of the specification the exit status that its table says', () => {
    const rows = table();
    expect(rows.length).toBeGreaterThan(150);
    const wrong = rows.filter(([code, exit]) => exitOf(code) !== exit).map(([code, exit]) => `${code}: ${exit}`);
    expect(wrong).toEqual([]);
  });
});
