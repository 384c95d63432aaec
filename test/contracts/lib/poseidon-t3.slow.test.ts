import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Address } from 'viem';
import { generatedFiles } from '../../../contracts/generate.ts';
import { POSEIDON_T3_CREATION } from '../../../contracts/generated/poseidon-t3.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { r } from '../../../protocol/math/field.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { deployBytes, deployCompiled, read } from '../deploy-compiled.ts';

let chain: EmbeddedChain;
let harness: Deployed;
let hasher: Address;
let poseidon: Poseidon;
beforeAll(async () => {
  chain = await startTestChain();
  harness = await deployCompiled(chain, 'PoseidonHarness');
  hasher = (await deployBytes(chain, POSEIDON_T3_CREATION)).contractAddress!;
  poseidon = await loadPoseidon();
});
afterAll(() => chain.stop());

const field = fc.oneof(fc.bigInt(0n, r - 1n), fc.constantFrom(0n, 1n, r - 1n, r - 2n, 1n << 253n));

describe('hash', () => {
  it('is circomlib’s Poseidon of two inputs', async () => {
    await fc.assert(
      fc.asyncProperty(field, field, async (left, right) => {
        const got = await read<bigint>(chain, harness, 'hash', [hasher, left, right]);
        expect(got).toBe(poseidon([left, right]));
      }),
      { numRuns: 60 },
    );
  });
  it('costs at most 13,000 gas in a loop', async () => {
    expect(await read<bigint>(chain, harness, 'gasOf', [hasher])).toBeLessThan(13_000n);
  });
});

describe('requireCode', () => {
  it('accepts the generated hasher and nothing else', async () => {
    await read(chain, harness, 'requireCode', [hasher]);
    await expect(read(chain, harness, 'requireCode', [harness.address])).rejects.toThrow('NotTheHasher');
    await expect(read(chain, harness, 'requireCode', [chain.account(0).address])).rejects.toThrow('NotTheHasher');
  });
});

describe('generated files', () => {
  it('are what the generator writes now', () => {
    for (const [file, content] of generatedFiles()) expect(readFileSync(`contracts/${file}`, 'utf8')).toBe(content);
  });
});
