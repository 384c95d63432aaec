import { circuitKeyCode } from '../../../../protocol/checks/03-setup.ts';
import type { PublishedCircuit } from '../../../../protocol/checks/replay/evidence.ts';
import { setupHash } from '../../../../protocol/checks/setup-hash.ts';
import type { Json } from '../../../../protocol/canonical-json.ts';
import { canonicalBytes, parseJson } from '../../../../protocol/canonical-json.ts';
import { encodeHex, encodeText, wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import { G2_GENERATOR } from '../../../../protocol/math/bn254.ts';
import type { VerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import { publishCircuit } from './deploy.ts';
import type { Forgery } from './forge.ts';
import { altered, find, insertBefore, remove } from './forge.ts';
import type { GuardCase } from './guard.ts';
import { copy } from './guard.ts';
import { redefine } from './tampers-foundation.ts';

type Members = { [name: string]: Json };

const keyOf = ({ verifyingKey }: PublishedCircuit): VerifyingKey => decodeVerifyingKey(parseJson(verifyingKey));

/** Other circuits, published, named by the definition and on chain. */
function resetup(f: Forgery, circuits: readonly PublishedCircuit[]): void {
  f.evidence.circuits = circuits;
  redefine(f, (draft) => (draft['setupHash'] = wordHex(setupHash(circuits))));
  circuits.forEach((circuit, i) => {
    find(f, 'deployment', 1 + i).data.arguments = encodeHex(circuitKeyCode(keyOf(circuit)));
  });
}

/** The circuit with four lanes has another key. */
function rekey(f: Forgery, change: (key: VerifyingKey) => VerifyingKey): void {
  const [first, second] = [at(f.evidence.circuits, 0), at(f.evidence.circuits, 1)];
  resetup(f, [first, publishCircuit(4, change(keyOf(second)))]);
}

/** The circuit with four lanes has another manifest. */
function remanifest(f: Forgery, change: (manifest: Members) => Members): void {
  const [first, second] = [at(f.evidence.circuits, 0), at(f.evidence.circuits, 1)];
  resetup(f, [first, { ...second, manifest: canonicalBytes(change(parseJson(second.manifest) as Members)) }]);
}

/** One file of the circuit with one lane is no JSON. */
function respoil(f: Forgery, file: 'verifyingKey' | 'manifest'): void {
  f.evidence.circuits = f.evidence.circuits.map((each, i) => (i === 0 ? { ...each, [file]: encodeText('{') } : each));
}

/** Guards of the checks of setup and keys. */
export const GUARDS_SETUP: readonly GuardCase[] = [
  [3, 'gamma equals delta', (f) => rekey(f, (key) => ({ ...key, delta: key.gamma }))],
  [3, 'delta is the generator', (f) => rekey(f, (key) => ({ ...key, delta: G2_GENERATOR }))],
  [3, 'another number of signals', (f) => rekey(f, (key) => ({ ...key, ic: key.ic.slice(0, -1) }))],
  [9, 'is not for 62 signals', (f) => rekey(f, (key) => ({ ...key, ic: key.ic.slice(0, -1) }))],
  [11, 'is not for 62 signals', (f) => rekey(f, (key) => ({ ...key, ic: key.ic.slice(0, -1) }))],
  [9, 'is not for 62 signals', (f) => rekey(f, (key) => ({ ...key, ic: key.ic.slice(0, 9) }))],
  [3, 'not a JSON document', (f) => respoil(f, 'verifyingKey')],
  [9, 'not a JSON document', (f) => respoil(f, 'verifyingKey')],
  [3, 'not a JSON document', (f) => respoil(f, 'manifest')],
  [3, 'for another statement', (f) => remanifest(f, (m) => ({ ...m, r1cs: `0x${'17'.repeat(32)}` }))],
  [
    3,
    'not the one its manifest names',
    (f) => remanifest(f, (m) => ({ ...m, files: { 'vkey.json': `0x${'00'.repeat(32)}` } })),
  ],
  [
    3,
    '2 have contributed, 3 are needed',
    (f) => remanifest(f, (m) => ({ ...m, contributions: (m['contributions'] as Json[]).slice(1) })),
  ],
  [3, 'no beacon closes', (f) => remanifest(f, (m) => ({ ...m, beacon: null }))],
  [3, 'for development only', (f) => redefine(f, (draft) => (draft['environment'] = 'rehearsal'))],
  [3, 'no circuit with 4 lanes', (f) => (f.evidence.circuits = f.evidence.circuits.slice(0, 1))],
  [3, 'is on chain 0 times', (f) => remove(f, find(f, 'deployment', 2))],
  [3, 'is on chain 2 times', (f) => insertBefore(f, find(f, 'defined'), 'deployment', copy(f, 'deployment', 2))],
  [
    3,
    'not that of a published circuit in use',
    (f) => {
      const data = copy(f, 'deployment', 2) as { arguments: string };
      insertBefore(f, find(f, 'defined'), 'deployment', { ...data, arguments: altered(data.arguments) });
    },
  ],
];
