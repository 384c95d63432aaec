import type { Ciphertext } from '../../../../protocol/ballot/ciphertext.ts';
import { unitResults } from '../../../../protocol/checks/18-result.ts';
import { toConfig } from '../../../../protocol/config/to-config.ts';
import type { Replay } from '../../../../protocol/checks/replay/replay.ts';
import { applyEntry, startReplay } from '../../../../protocol/checks/replay/replay.ts';
import { unitSums } from '../../../../protocol/checks/replay/tally-replay.ts';
import { decodeDefinition } from '../../../../protocol/definition/decode.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import type { Point } from '../../../../protocol/math/curve.ts';
import { encodePoint } from '../../../../protocol/math/curve.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import { timesEight } from '../../../../protocol/proofs/eighth.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import { combineDecryptions, resultHash } from '../../../../protocol/tally/combine.ts';
import { makeDecryption } from '../../../../protocol/tally/decryption.ts';
import { countPoint } from '../../../../protocol/tally/search/find-counts.ts';
import type { Forgery } from './forge.ts';
import { clone, renumber, resign } from './forge.ts';
import { UNSIGNED } from './ledger.ts';
import { stream } from './random.ts';
import type { Loose } from './sign.ts';
import { sumsWord } from './voting.ts';

const POSTING = [3, 1, 2] as const;

/**
 * Makes everything after the votes consistent with what the record now says took effect: sums, units in the states that
 * it states, decryptions (the trustees take part in the fraud), counts, result and signatures.
 */
export async function recount(forgery: Forgery): Promise<void> {
  const { evidence } = forgery;
  const definition = decodeDefinition(evidence.definition);
  const replay = startReplay(evidence, definition, toConfig(definition), await loadPoseidon());
  const certify = forgery.entries.at(-1);
  if (certify?.kind !== 'certify') throw new Error('the record does not end with a certificate');
  forgery.entries = forgery.entries.filter(({ kind }) => !['decryption', 'counts', 'certify'].includes(kind));
  for (const entry of forgery.entries) {
    applyEntry(replay, entry as unknown as Entry);
    if (entry.kind === 'updates') resum(replay, entry);
  }
  for (const entry of forgery.entries) if (entry.kind === 'aggregate') reaggregate(replay, entry);
  const add = (kind: Loose['kind'], data: unknown): void => {
    const last = forgery.entries.at(-1);
    const entry = {
      ...clone(certify),
      block: (last?.block ?? 0) + 1,
      time: (last?.time ?? 0) + 1,
      kind,
      data,
    };
    forgery.entries.push(entry);
    renumber(forgery);
    applyEntry(replay, entry as unknown as Entry);
  };
  const open = replay.tally.units.flatMap(({ state }, unit) => (state === 'open' ? [unit] : []));
  for (const trustee of POSTING)
    for (const unit of open) add('decryption', decryptionOf(forgery, replay, unit, trustee));
  for (const unit of open) add('counts', { unit, counts: countsOf(replay, unit) });
  const results = unitResults(replay).filter((result) => result !== undefined);
  add('certify', { act: certify.data.act, resultHash: wordHex(resultHash(results)) });
  resign(forgery);
}

function resum({ polls }: Replay, { data }: Loose): void {
  const poll = polls.get(data.poll);
  if (poll === undefined) return;
  data.nonEmpty = poll.slots.size;
  data.sumsHash = sumsWord(poll.sums);
}

function reaggregate({ tally, polls, config }: Replay, { data }: Loose): void {
  for (const unit of data.units) {
    const { nonEmpty, R, C } = unitSums(tally, polls, config, unit.unit);
    Object.assign(unit, { nonEmpty, r: encodePoint(R), c: C.map(encodePoint) });
  }
}

/** A trustee's decryption of what the record now says the unit's sum is. */
export function decryptionOf({ world }: Forgery, replay: Replay, unit: number, trustee: number, R?: Point): unknown {
  const sums: Ciphertext = unitSums(replay.tally, replay.polls, replay.config, unit);
  const lanes = sums.C.length;
  const shares = world.outcome.shares.get(trustee)?.shares.slice(0, lanes) ?? [];
  const keys = world.outcome.keys.verificationKeys.get(trustee)?.slice(0, lanes) ?? [];
  const random = stream(`forged ${unit} ${trustee}`);
  const { eighths, proof } = makeDecryption({ ...world.domain, unit, trustee }, R ?? sums.R, shares, keys, random);
  return {
    ...{ unit, trustee, points: eighths.map(encodePoint), a: encodePoint(proof.A), b: encodePoint(proof.B) },
    ...{ z: wordHex(proof.z), signature: UNSIGNED },
  };
}

/** The counts of a small unit, by trying. */
function countsOf({ tally, polls, config }: Replay, unit: number): number[] {
  const threshold = Number(config.threshold);
  const decryptions = at(tally.units, unit).decryptions.slice(0, threshold);
  const points = decryptions.map(({ trustee, eighths }) => ({ trustee, points: eighths.map(timesEight) }));
  const plain = combineDecryptions(unitSums(tally, polls, config, unit), points, threshold);
  return plain.flatMap((point) => {
    for (let first = 0; first < 16; first++) {
      for (let second = 0; second < 16; second++) {
        const tried = countPoint({ first, second });
        if (tried.x === point.x && tried.y === point.y) return [first, second];
      }
    }
    throw new Error('the forged sums hold no small counts');
  });
}
