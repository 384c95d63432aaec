import { signalCount } from '../ballot/statement.ts';
import { parseJson } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { concatBytes, decodeWord, encodeHex, encodeWord } from '../encoding.ts';
import { sha256 } from '../hash.ts';
import type { G2Point } from '../math/bn254.ts';
import { G2_GENERATOR } from '../math/bn254.ts';
import type { VerifyingKey } from '../math/groth16-key.ts';
import { decodeVerifyingKey, publicCount } from '../math/groth16-key.ts';
import type { Check, Findings } from './check.ts';
import type { PublishedCircuit } from './replay/evidence.ts';
import type { Replay } from './replay/replay.ts';
import { CONSTRAINT_SYSTEMS } from './constraint-systems.ts';
import { readManifest } from './manifest.ts';
import { setupHash } from './setup-hash.ts';

/** Check 3: the keys on chain are those of the published circuits, whose setup is sound as far as it shows (SPEC §13, §15). */
export const setupCheck: Check = {
  number: 3,
  begin(replay, findings) {
    const keys: { readonly seq: number; readonly code: Hex }[] = [];
    return {
      take(entry) {
        if (entry.kind !== 'deployment' || entry.data.name !== 'circuit-key') return;
        keys.push({ seq: entry.seq, code: entry.data.arguments });
      },
      end() {
        const published = usedCircuits(replay, findings);
        findings.count(published.length);
        const codes = new Set<Hex>();
        for (const circuit of published) {
          const code = encodeHex(circuitKeyCode(examine(replay, circuit, findings)));
          codes.add(code);
          const times = keys.filter((key) => key.code === code).length;
          if (times === 1) continue;
          findings.fail(undefined, `the key with ${circuit.lanes} lanes is on chain ${times} times, not once`);
        }
        for (const { seq, code } of keys) {
          if (!codes.has(code)) findings.fail(seq, 'a key on chain is not that of a published circuit in use');
        }
        if (setupHash(published) !== decodeWord(replay.definition.setupHash)) {
          findings.fail(undefined, 'the published circuits are not those that the definition names');
        }
      },
    };
  },
};

/** The published circuits that the definition's contests use. */
function usedCircuits({ config, evidence }: Replay, findings: Findings): PublishedCircuit[] {
  const lanes = new Set(config.contests.map((contest) => contest.lanes));
  return [...lanes].flatMap((count) => {
    const circuit = evidence.circuits.find((each) => each.lanes === count);
    if (circuit === undefined) findings.fail(undefined, `no circuit with ${count} lanes was published`);
    return circuit ?? [];
  });
}

/** Fewest contributions to phase 2 that a key needs: one honest one among them suffices. */
const MIN_CONTRIBUTIONS = 3;

/** The key of a circuit, examined together with its manifest. @throws `json/…`, `vkey/invalid` */
function examine({ definition }: Replay, circuit: PublishedCircuit, findings: Findings): VerifyingKey {
  const { lanes, manifest, verifyingKey } = circuit;
  const refuse = (why: string): void => findings.fail(undefined, `circuit with ${lanes} lanes: ${why}`);
  const key = decodeVerifyingKey(parseJson(verifyingKey));
  if (publicCount(key) !== signalCount(lanes)) refuse('its key is for another number of signals');
  if (equalG2(key.gamma, key.delta)) refuse('gamma equals delta: anyone can forge proofs');
  if (equalG2(key.delta, G2_GENERATOR)) refuse('delta is the generator: nobody has contributed to the key');
  const { r1cs, vkeyHash, contributions, hasBeacon, insecure } = readManifest(manifest);
  if (r1cs !== CONSTRAINT_SYSTEMS.get(lanes)) refuse('its key is for another statement than the published circuit');
  if (encodeHex(sha256(verifyingKey)) !== vkeyHash) refuse('its key is not the one its manifest names');
  if (contributions < MIN_CONTRIBUTIONS) refuse(`${contributions} have contributed, ${MIN_CONTRIBUTIONS} are needed`);
  if (!hasBeacon) refuse('no beacon closes its contributions');
  if (insecure && definition.environment !== 'development') refuse('its key is for development only');
  return key;
}

function equalG2(a: G2Point, b: G2Point): boolean {
  return [...a.x, ...a.y].join() === [...b.x, ...b.y].join();
}

/** A key as its data contract holds it (SPEC §11.1): 0x00, then alpha, beta, gamma, delta and IC, imaginary parts first. */
export function circuitKeyCode({ alpha, beta, gamma, delta, ic }: VerifyingKey): Uint8Array {
  const g2 = ({ x, y }: G2Point): bigint[] => [x[1], x[0], y[1], y[0]];
  const words = [alpha.x, alpha.y, ...[beta, gamma, delta].flatMap(g2), ...ic.flatMap(({ x, y }) => [x, y])];
  return concatBytes(Uint8Array.of(0), ...words.map(encodeWord));
}
