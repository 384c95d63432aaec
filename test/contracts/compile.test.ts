import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CODE_SIZE_LIMIT, compiled, contractNames, oversized } from '../../contracts/compile.ts';

describe('compiled', () => {
  it('answers with ABI, creation code and the size of the deployed code', () => {
    const { abi, bytecode, deployedBytecode, size, sourceHash } = compiled('PoseidonHarness');
    expect(abi.map((item) => ('name' in item ? item.name : item.type))).toContain('requireCode');
    expect(size).toBe((deployedBytecode.length - 2) / 2);
    expect(bytecode.length).toBeGreaterThan(deployedBytecode.length);
    expect(sourceHash).toMatch(/^[0-9a-f]{64}$/);
  });
  it('keeps what it compiled, by the hash of its sources', () => {
    const { sourceHash } = compiled('PoseidonHarness');
    const kept = JSON.parse(readFileSync('build/contracts/PoseidonHarness.json', 'utf8')) as { sourceHash: string };
    expect(kept.sourceHash).toBe(sourceHash);
    const started = Date.now();
    compiled('PoseidonHarness');
    expect(Date.now() - started).toBeLessThan(500);
  });
  it('does not know contracts there are none of', () => {
    expect(() => compiled('Nothing')).toThrow('no Solidity source named Nothing.sol');
  });
});

describe('contractNames', () => {
  it('names contracts and libraries, not interfaces, and nothing of the tests', () => {
    const names = contractNames();
    expect(names).toEqual(expect.arrayContaining(['Ballots', 'Election', 'Roll', 'KeyCeremony', 'Tally']));
    expect(names.filter((name) => /^I[A-Z]|Harness|Fixture/.test(name))).toEqual([]);
  });
});

describe('oversized', () => {
  it('finds deployed code the chain would refuse', () => {
    const fits = { ...compiled('PoseidonHarness'), size: CODE_SIZE_LIMIT - 1 };
    expect(oversized([fits])).toEqual([]);
    expect(oversized([fits, { ...fits, size: CODE_SIZE_LIMIT }])).toHaveLength(1);
  });
  it('finds none among the contracts of an election', () => {
    expect(oversized(['Ballots', 'Election', 'Roll', 'KeyCeremony', 'Tally'].map(compiled))).toEqual([]);
  });
});
