import { signatureFault } from '../acts/quorum.ts';
import { stepDigest } from '../acts/typed-data.ts';
import { decodeHex, decodeWord } from '../encoding.ts';
import { at } from '../errors.ts';
import { pointWords } from '../math/curve.ts';
import type { EntryOf } from '../record/entry.ts';
import { decodeDecryption, decryptionHolds, decryptionObject } from '../tally/decryption.ts';
import type { Check, Findings } from './check.ts';
import { readPoint } from './replay/posted-point.ts';
import type { Replay } from './replay/replay.ts';
import { unitSums } from './replay/tally-replay.ts';

/** Check 16: each partial decryption is its trustee's, of the unit's recomputed sum, once (SPEC §12.3, §15). */
export const decryptionsCheck: Check = {
  number: 16,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind !== 'decryption') return;
        findings.count();
        takeDecryption(replay, entry, findings);
      },
    };
  },
};

function takeDecryption(replay: Replay, { seq, data }: EntryOf<'decryption'>, findings: Findings): void {
  const { domain, ceremony, tally, polls, config } = replay;
  const { unit, trustee } = data;
  if (domain === undefined) return findings.fail(seq, 'a decryption stands before its election');
  const place = tally.places[unit];
  if (place === undefined || at(tally.units, unit).state !== 'open') {
    return findings.fail(seq, `unit ${unit} is not one to be decrypted`);
  }
  if (at(tally.units, unit).counts !== undefined) findings.fail(seq, `unit ${unit} is counted already`);
  const keys = ceremony.keys?.verificationKeys.get(trustee);
  if (keys === undefined) return findings.fail(seq, `trustee ${trustee} has no part of the election key`);
  if (at(tally.units, unit).decryptions.some((posted) => posted.trustee === trustee)) {
    findings.fail(seq, `trustee ${trustee} decrypts unit ${unit} a second time`);
  }
  const words = [...pointWords(...[...data.points, data.a, data.b].map(readPoint)), decodeWord(data.z)];
  const step = {
    name: 'decrypt',
    attempt: BigInt(ceremony.attempt),
    trustee: BigInt(trustee),
    object: decryptionObject(unit, words),
  } as const;
  const signer = at(config.trustees, trustee - 1);
  const fault = signatureFault(stepDigest(domain, step), decodeHex(data.signature), signer);
  if (fault !== undefined) findings.fail(seq, `the decryption is not signed by its trustee: ${fault}`);
  const { R } = unitSums(tally, polls, config, unit);
  const posted = decodeDecryption(words, place.lanes);
  if (!decryptionHolds({ ...domain, unit, trustee }, R, keys.slice(0, place.lanes), posted)) {
    findings.fail(seq, `the proof of trustee ${trustee} for unit ${unit} does not hold for the unit’s sum`);
  }
}
