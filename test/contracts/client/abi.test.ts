import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Abi } from 'viem';
import { encodeErrorResult, toEventSelector, toFunctionSelector } from 'viem';
import { ballotsAbi } from '../../../contracts/client/abi/ballots.ts';
import { ceremonyMathAbi } from '../../../contracts/client/abi/ceremony-math.ts';
import { ceremonyAbi } from '../../../contracts/client/abi/ceremony.ts';
import { electionAbi } from '../../../contracts/client/abi/election.ts';
import { errorsAbi } from '../../../contracts/client/abi/errors.ts';
import { abiFile, abiSource, contracts } from '../../../contracts/client/abi/generate.ts';
import { rollAbi } from '../../../contracts/client/abi/roll.ts';
import { tallyMathAbi } from '../../../contracts/client/abi/tally-math.ts';
import { tallyAbi } from '../../../contracts/client/abi/tally.ts';
import { describeRevert } from '../../../contracts/client/errors.ts';
import { sentences } from '../../../contracts/client/sentences.ts';
import { compiled } from '../../../contracts/compile.ts';

const written: Readonly<Record<keyof typeof contracts, Abi>> = {
  election: electionAbi,
  roll: rollAbi,
  ceremony: ceremonyAbi,
  ballots: ballotsAbi,
  tally: tallyAbi,
  ceremonyMath: ceremonyMathAbi,
  tallyMath: tallyMathAbi,
};
const files = Object.keys(contracts) as (keyof typeof contracts)[];

function selectors(abi: Abi): string[] {
  const all = abi.flatMap((item) => {
    if (item.type === 'function') return [`${item.stateMutability} ${toFunctionSelector(item)} ${item.name}`];
    if (item.type === 'event')
      return [`event ${toEventSelector(item)} ${item.inputs.map((each) => each.indexed === true).join()}`];
    return item.type === 'error' ? [`error ${item.name} ${item.inputs.map(({ type }) => type).join()}`] : [];
  });
  return [...new Set(all)].sort();
}

describe('abi', () => {
  it('is the compiler’s, function by function, event by event, error by error', () => {
    for (const file of files) expect(selectors(written[file])).toEqual(selectors(compiled(contracts[file]).abi));
  });

  it('is written as the generator writes it', async () => {
    for (const file of files) expect(readFileSync(abiFile(file), 'utf8')).toBe(await abiSource(file));
  });
});

/** Some value of an ABI type. */
function valueOf(type: string): unknown {
  if (type === 'address') return `0x${'11'.repeat(20)}`;
  if (type === 'bytes32') return `0x${'22'.repeat(32)}`;
  if (type === 'string') return 'member';
  if (type === 'bool') return true;
  return /^uint(8|16|32)$/.test(type) ? 3 : 7n;
}

describe('describeRevert', () => {
  const errors = errorsAbi.flatMap((item) => (item.type === 'error' ? [item] : []));

  it('gives every custom error of every contract a code and a sentence with all that it says', () => {
    expect(errors.length).toBeGreaterThan(60);
    for (const item of errors) {
      const args = item.inputs.map(({ type }) => valueOf(type));
      const { code, message } = describeRevert(encodeErrorResult({ abi: [item], errorName: item.name, args }));
      expect(code).toMatch(/^chain\/[a-z]+(-[a-z]+)*$/);
      expect(code.replaceAll('-', '')).toBe(`chain/${item.name.toLowerCase()}`);
      expect(message).not.toMatch(/undefined|\[object/);
    }
  });

  it('has no sentence for an error that no contract has', () => {
    const names = errors.map(({ name }) => name);
    expect(Object.keys(sentences).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('reads the standard errors and says so where it cannot read', () => {
    const panic = `0x4e487b71${'11'.padStart(64, '0')}` as const;
    expect(describeRevert(panic).code).toBe('chain/panic');
    expect(describeRevert('0xdeadbeef').code).toBe('chain/refused');
    expect(describeRevert('0xdeadbeef').message).toContain('0xdeadbeef');
  });
});
