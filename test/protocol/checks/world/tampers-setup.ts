import type { Json } from '../../../../protocol/canonical-json.ts';
import { canonicalBytes, parseJson } from '../../../../protocol/canonical-json.ts';
import { G2_GENERATOR } from '../../../../protocol/math/bn254.ts';
import type { VerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import { publishCircuit } from './deploy.ts';
import type { Forgery } from './forge.ts';
import { copyOf } from './forge.ts';
import type { Tamper } from './tamper.ts';
import type { WorldCircuit } from './world.ts';
import { buildWorld, simulatedCircuits } from './world.ts';

type Members = { readonly [name: string]: Json };

/** The whole election anew, its small circuits set up otherwise: definition, deployment, roll, ballots and signatures follow. */
async function setUpWith(f: Forgery, change: (circuit: WorldCircuit) => WorldCircuit): Promise<void> {
  const circuits = simulatedCircuits().map((circuit) => (circuit.published.lanes === 1 ? change(circuit) : circuit));
  const { entries, evidence } = copyOf(await buildWorld({ circuits }));
  Object.assign(f, { entries, evidence });
}

const withKey = (circuit: WorldCircuit, key: VerifyingKey): WorldCircuit => ({
  ...circuit,
  key,
  published: publishCircuit(circuit.published.lanes, key),
});

const withManifest = (circuit: WorldCircuit, change: (manifest: Members) => Members): WorldCircuit => {
  const { published } = circuit;
  return {
    ...circuit,
    published: { ...published, manifest: canonicalBytes(change(parseJson(published.manifest) as Members)) },
  };
};

/** Lies about the setup that the whole election keeps to. Proofs hold for the key that there was before it was bent. */
export const TAMPERS_SETUP: readonly Tamper[] = [
  {
    check: 3,
    lie: 'anyone can forge proofs: gamma equals delta',
    also: [11],
    forge: (f) => setUpWith(f, (circuit) => withKey(circuit, { ...circuit.key, delta: circuit.key.gamma })),
  },
  {
    check: 3,
    lie: 'nobody has contributed to a key',
    also: [11],
    forge: (f) => setUpWith(f, (circuit) => withKey(circuit, { ...circuit.key, delta: G2_GENERATOR })),
  },
  {
    check: 3,
    lie: 'a key was made for another statement',
    forge: (f) => setUpWith(f, (circuit) => withManifest(circuit, (m) => ({ ...m, r1cs: `0x${'17'.repeat(32)}` }))),
  },
  {
    check: 3,
    lie: 'one party contributed three times',
    forge: (f) =>
      setUpWith(f, (circuit) =>
        withManifest(circuit, (m) => ({
          ...m,
          contributions: (m['contributions'] as Members[]).map((each) => ({ ...each, name: 'one' })),
        })),
      ),
  },
  {
    check: 3,
    lie: 'no beacon closes the contributions',
    forge: (f) => setUpWith(f, (circuit) => withManifest(circuit, (m) => ({ ...m, beacon: null }))),
  },
];
