import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyBeacon, contribute, exportVerifyingKey, loadCurve } from '../../ceremony/phase2.ts';
import { readKeySetup } from '../../ceremony/proving-key.ts';
import type { Setup, SetupPolicy } from '../../ceremony/setup-gate.ts';
import { provingKeyProblems, setupPolicy, setupProblems } from '../../ceremony/setup-gate.ts';
import { readProvingArtifacts } from '../../circuits/artifacts.ts';
import type { Manifest } from '../../circuits/manifest.ts';
import { parseJson } from '../../protocol/canonical-json.ts';
import { CONSTRAINT_SYSTEMS } from '../../protocol/checks/constraint-systems.ts';
import { encodeHex } from '../../protocol/encoding.ts';
import { sha256 } from '../../protocol/hash.ts';
import { G2_GENERATOR } from '../../protocol/math/bn254.ts';
import { terminate } from '../../protocol/math/groth16.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../protocol/math/groth16-key.ts';
import { makeTrapdoor } from '../bench/trapdoor/trapdoor.ts';
import { BEACON, draw, smallCeremony, smallCircuit, smallPhase1 } from './small.ts';

const folder = join(import.meta.dirname, '../../circuits/artifacts');
/** The committed circuits, by lanes. */
const CIRCUITS = new Map([
  [1, 'ballot-2'],
  [4, 'ballot-8'],
  [8, 'ballot-16'],
]);
const { manifest, verifyingKeyBytes, zkey } = readProvingArtifacts(folder, 'ballot-2', 'development');
const key = decodeVerifyingKey(parseJson(verifyingKeyBytes));
const setup: Setup = { lanes: 1, manifest, key, verifyingKeyBytes };
const policy = setupPolicy('development');
const of = (change: Partial<Manifest>): Partial<Setup> => ({ manifest: { ...manifest, ...change } });

afterAll(terminate);

describe.each([...CIRCUITS.entries()])('the committed key for %i lanes', (lanes, name) => {
  it('passes the gate for development, and no trapdoor’s key passes in its place', async () => {
    const own = readProvingArtifacts(folder, name, 'development');
    const ownKey = decodeVerifyingKey(parseJson(own.verifyingKeyBytes));
    const ownSetup = { lanes, manifest: own.manifest, key: ownKey, verifyingKeyBytes: own.verifyingKeyBytes };
    expect(setupProblems(ownSetup, policy)).toEqual([]);
    expect(await provingKeyProblems(own.zkey, own.manifest, ownKey)).toEqual([]);
    const trapdoor = makeTrapdoor(14 + 12 * lanes).key;
    expect(await provingKeyProblems(own.zkey, own.manifest, trapdoor)).toEqual([
      'the proving key belongs to another verifying key',
    ]);
  });
});

describe('setupProblems', () => {
  it.each<readonly [string, Partial<Setup>, Partial<SetupPolicy>, RegExp]>([
    ['γ = δ', { key: { ...key, delta: key.gamma } }, {}, /gamma equals delta/],
    ['δ = generator', { key: { ...key, delta: G2_GENERATOR } }, {}, /delta is the generator/],
    ['too few contributions', {}, { minContributions: 4 }, /3 have contributed/],
    ['no beacon', of({ beacon: null }), {}, /no beacon/],
    ['development keys in a rehearsal', {}, { environment: 'rehearsal' }, /development only/],
    ['development keys in an election', {}, { environment: 'binding' }, /development only/],
    ['a key that is not the transcript’s', { verifyingKeyBytes: verifyingKeyBytes.slice(1) }, {}, /not the one/],
    ['a key of another circuit', { key: { ...key, ic: key.ic.slice(1) } }, {}, /public signals/],
    ['a key for another statement', of({ r1cs: CONSTRAINT_SYSTEMS.get(4)! }), {}, /another statement/],
    ['another circuit’s setup', { lanes: 4 }, {}, /public signals.*another statement/],
  ])('refuses %s', (_, changes, limits, message) => {
    expect(setupProblems({ ...setup, ...changes }, { ...policy, ...limits }).join('; ')).toMatch(message);
  });

  it('counts a contribution that is listed twice once, and a party that contributes twice once', () => {
    const [first, second, third] = manifest.contributions;
    for (const contributions of [
      [first!, first!, first!],
      [first!, { ...second!, name: first!.name }, { ...third!, name: first!.name }],
    ]) {
      const repeated = { ...setup, manifest: { ...manifest, contributions } };
      expect(setupProblems(repeated, policy).join()).toMatch(/1 have contributed/);
    }
  });
});

describe('provingKeyProblems', () => {
  it('refuses a transcript that says three where the key has two contributions', async () => {
    const fourth = { name: 'Dora', hash: encodeHex(new Uint8Array(64)) };
    const claimed = { ...manifest, contributions: [...manifest.contributions, fourth] };
    expect(await provingKeyProblems(zkey, claimed, key)).toEqual([
      'the transcript names 4 contributions, the proving key holds 3',
    ]);
  });

  it('refuses a key with a bit changed, whose hash is not the transcript’s', async () => {
    const changed = zkey.map((byte, i) => (i === zkey.length >> 1 ? byte ^ 1 : byte));
    expect(await provingKeyProblems(changed, manifest, key)).toEqual([
      'the proving key is not the one of the transcript',
    ]);
  });

  it('refuses another beacon than the key’s', async () => {
    for (const change of [{ value: BEACON }, { iterationsLog2: 11 }, { hash: manifest.contributions[0]!.hash }]) {
      const claimed = { ...manifest, beacon: { ...manifest.beacon!, ...change } };
      expect((await provingKeyProblems(zkey, claimed, key)).join()).toMatch(/does not end with the beacon/);
    }
  });
});

describe('provingKeyProblems of a small circuit', () => {
  let real: Uint8Array;
  let started: Uint8Array;

  beforeAll(async () => {
    const [r1cs, ptau] = [smallCircuit('product'), await smallPhase1(['Emmy'])];
    real = (await smallCeremony(r1cs, ptau)).zkey;
    started = (await smallCeremony(smallCircuit('square'), ptau)).zkey;
  });

  const keyOf = async (of: Uint8Array): Promise<VerifyingKey> => decodeVerifyingKey(await exportVerifyingKey(of));

  /** The manifest that an honest publisher would write for a key. */
  async function manifestOf(of: Uint8Array): Promise<Manifest> {
    const { contributions } = readKeySetup(await loadCurve(), of);
    const listed = contributions.filter(({ beacon }) => beacon === undefined);
    const last = contributions.find(({ beacon }) => beacon !== undefined);
    return {
      ...manifest,
      files: { 'ballot.zkey': encodeHex(sha256(of)) },
      contributions: listed.map(({ name, hash }) => ({ name, hash })),
      beacon: last?.beacon === undefined ? null : { ...last.beacon, hash: last.hash, source: '' },
    };
  }

  it('finds nothing wrong with an honest one', async () => {
    expect(await provingKeyProblems(real, await manifestOf(real), await keyOf(real))).toEqual([]);
  });

  it('refuses a replaced contribution', async () => {
    const claimed = await manifestOf(real);
    const contributions = claimed.contributions.map((each, i) => (i === 1 ? { ...each, hash: BEACON } : each));
    expect(await provingKeyProblems(real, { ...claimed, contributions }, await keyOf(real))).toEqual([
      'contribution 2 is not the one of the transcript',
    ]);
  });

  it('refuses another circuit’s key with as many signals under this circuit’s transcript', async () => {
    const found = await provingKeyProblems(started, await manifestOf(real), await keyOf(started));
    expect(found).toContain('the proving key is not the one of the transcript');
    expect(found).toContain('contribution 1 is not the one of the transcript');
  });

  it('refuses a key without beacon, with two, and with a contribution after its beacon', async () => {
    const after = (await contribute(real, 'Mallory', draw(64))).zkey;
    const twice = (await applyBeacon(real, 'beacon', BEACON, 10)).zkey;
    for (const bad of [after, twice]) {
      const found = await provingKeyProblems(bad, await manifestOf(bad), await keyOf(bad));
      expect(found.join()).toMatch(/does not end with the beacon|more than one beacon/);
    }
    const none = { ...(await manifestOf(real)), beacon: null };
    expect((await provingKeyProblems(real, none, await keyOf(real))).join()).toMatch(/does not end with the beacon/);
  });
});
