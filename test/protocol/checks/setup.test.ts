import { afterAll, describe, expect, it } from '@jest/globals';
import { runCheck } from '../../../protocol/checks/run.ts';
import type { CheckResult } from '../../../protocol/checks/check.ts';
import type { PublishedCircuit } from '../../../protocol/checks/replay/evidence.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalBytes, parseJson } from '../../../protocol/canonical-json.ts';
import { G2_GENERATOR } from '../../../protocol/math/bn254.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { deploy, publishCircuit, publishedBuild } from './world/deploy.ts';
import type { Ledger } from './world/ledger.ts';
import { makeParties } from './world/parties.ts';
import { definitionBytes } from './world/plan.ts';

const parties = makeParties();
const honest = [1, 4].map((lanes) => ({ lanes, key: makeTrapdoor(14 + 12 * lanes, BigInt(lanes)).key }));
const [small, large] = honest as [{ lanes: number; key: VerifyingKey }, { lanes: number; key: VerifyingKey }];

afterAll(terminate);

type Members = { [name: string]: Json };

/** The circuit with another manifest. */
function remanifest(circuit: PublishedCircuit, change: (manifest: Members) => Members): PublishedCircuit {
  return { ...circuit, manifest: canonicalBytes(change(parseJson(circuit.manifest) as Members)) };
}

/** Check 3 of an election that names exactly these circuits and runs these keys. */
function examine(
  circuits: readonly PublishedCircuit[],
  keys: readonly VerifyingKey[] = honest.map(({ key }) => key),
  environment = 'development',
): Promise<CheckResult> {
  const draft = parseJson(definitionBytes(parties, circuits)) as Members;
  const definition = canonicalBytes({ ...draft, environment });
  const ledger: Ledger = { entries: [], time: -500 };
  deploy(ledger, parties, definition, keys);
  const evidence = { definition, credentials: [], registrations: [], reasons: [], circuits, build: publishedBuild() };
  return runCheck(3, ledger.entries, evidence);
}

const listOf = (manifest: Members): Members[] => manifest['contributions'] as unknown as Members[];
const repeated = (manifest: Members): Members[] => listOf(manifest).map(() => listOf(manifest)[0] ?? {});
const nameless = (manifest: Members): Members[] => listOf(manifest).map(({ hash }) => ({ hash: hash ?? '' }));

const published = honest.map(({ lanes, key }) => publishCircuit(lanes, key));
const [first, second] = published as [PublishedCircuit, PublishedCircuit];

describe('setupCheck', () => {
  it('accepts keys of a sound setup, and counts them', async () => {
    expect(await examine(published)).toMatchObject({ ok: true, items: 2 });
  });

  it.each([
    ['gamma equals delta', (key: VerifyingKey) => ({ ...key, delta: key.gamma }), 'anyone can forge'],
    ['delta is the generator', (key: VerifyingKey) => ({ ...key, delta: G2_GENERATOR }), 'nobody has contributed'],
    ['a key has a signal too few', (key: VerifyingKey) => ({ ...key, ic: key.ic.slice(0, -1) }), 'number of signals'],
  ])('finds that %s, though published and named', async (_, change, detail) => {
    const key = change(large.key);
    const result = await examine([first, publishCircuit(4, key)], [small.key, key]);
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  });

  it.each([
    ['too few contributed', (m: Members) => ({ ...m, contributions: listOf(m).slice(1) }), '2 have contributed'],
    ['one contribution is listed three times', (m: Members) => ({ ...m, contributions: repeated(m) }), '1 have contr'],
    [
      'one party contributed three times',
      (m: Members) => ({ ...m, contributions: listOf(m).map((each) => ({ ...each, name: 'one' })) }),
      '1 have contributed',
    ],
    [
      'the key was made for another statement',
      (m: Members) => ({ ...m, r1cs: `0x${'17'.repeat(32)}` }),
      'another statement',
    ],
    [
      'the key was made for the statement of another circuit',
      (m: Members) => ({ ...m, r1cs: (parseJson(first.manifest) as Members)['r1cs'] ?? '' }),
      'another statement',
    ],
    ['a contributor has no name', (m: Members) => ({ ...m, contributions: nameless(m) }), 'has no name'],
    ['no beacon', (m: Members) => ({ ...m, beacon: null }), 'no beacon'],
    [
      'another key is named',
      (m: Members) => ({ ...m, files: { 'vkey.json': `0x${'00'.repeat(32)}` } }),
      'manifest names',
    ],
    ['contributions are not listed', (m: Members) => ({ ...m, contributions: 9 }), 'no contributions'],
    ['it is not said whether it is secure', (m: Members) => ({ ...m, insecure: 'no' }), 'insecure'],
    ['files are missing', (m: Members) => ({ ...m, files: [] }), 'not made of objects'],
  ])('finds that %s', async (_, change, detail) => {
    const result = await examine([first, remanifest(second, change)]);
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  });

  it('refuses development keys in any other election', async () => {
    const result = await examine(published, undefined, 'rehearsal');
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('development only') });
  });

  it.each([
    ['a key is missing', [small.key], '0 times'],
    ['a key is there twice', [small.key, large.key, large.key], '2 times'],
    ['a third key is there', [small.key, large.key, makeTrapdoor(38, 9n).key], 'not that of a published circuit'],
  ])('finds that on chain %s', async (_, keys, detail) => {
    expect(await examine(published, keys)).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  });

  it('finds that a circuit was not published', async () => {
    const result = await examine([first]);
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('no circuit with 4 lanes') });
  });
});
