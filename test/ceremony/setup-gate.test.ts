import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Setup, SetupPolicy } from '../../ceremony/setup-gate.ts';
import { setupProblems } from '../../ceremony/setup-gate.ts';
import { readVerifyingArtifacts } from '../../circuits/artifacts.ts';
import { parseJson } from '../../protocol/canonical-json.ts';
import { G2_GENERATOR } from '../../protocol/math/bn254.ts';
import { decodeVerifyingKey } from '../../protocol/math/groth16-key.ts';

const folder = join(import.meta.dirname, '../../circuits/artifacts');
const { manifest, verifyingKeyBytes } = readVerifyingArtifacts(folder, 'ballot-2', 'development');
const key = decodeVerifyingKey(parseJson(verifyingKeyBytes));
const setup: Setup = { manifest, key, verifyingKeyBytes };
const policy: SetupPolicy = { environment: 'development', minContributions: 3 };

describe('setupProblems', () => {
  it('finds nothing wrong with the committed setup for development', () => {
    expect(setupProblems(setup, policy)).toEqual([]);
  });

  it.each<readonly [string, Partial<Setup>, Partial<SetupPolicy>, RegExp]>([
    ['γ = δ', { key: { ...key, delta: key.gamma } }, {}, /gamma equals delta/],
    ['δ = generator', { key: { ...key, delta: G2_GENERATOR } }, {}, /delta is the generator/],
    ['too few contributions', {}, { minContributions: 4 }, /3 have contributed/],
    ['development keys elsewhere', {}, { environment: 'rehearsal' }, /development only/],
    ['a key that is not the transcript’s', { verifyingKeyBytes: verifyingKeyBytes.slice(1) }, {}, /not the one/],
    ['a key of another circuit', { key: { ...key, ic: key.ic.slice(1) } }, {}, /public signals/],
    ['a transcript of another circuit', { r1cs: new Uint8Array(32) }, {}, /another circuit/],
  ])('refuses %s', (_, changes, limits, message) => {
    expect(setupProblems({ ...setup, ...changes }, { ...policy, ...limits }).join('; ')).toMatch(message);
  });

  it('counts a contribution that is listed twice once', () => {
    const [first] = manifest.contributions;
    const repeated = { ...manifest, contributions: [first!, first!, first!] };
    expect(setupProblems({ ...setup, manifest: repeated }, policy).join()).toMatch(/1 have contributed/);
  });
});
