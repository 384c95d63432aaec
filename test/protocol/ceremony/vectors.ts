import { encodeMessage } from '../../../protocol/ceremony/message-json.ts';
import { commitHash, revealHash } from '../../../protocol/ceremony/reveal.ts';
import { ceremonyBase } from '../../../protocol/ceremony/setup.ts';
import { transcriptHash } from '../../../protocol/ceremony/state.ts';
import { messageObject } from '../../../protocol/ceremony/step-object.ts';
import type { SignedMessage } from '../../../protocol/ceremony/step-object.ts';
import { finalShare } from '../../../protocol/ceremony/trustee.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import { encodePoint, multiply, multiplyBase } from '../../../protocol/math/curve.ts';
import { toScalar } from '../../../protocol/math/field.ts';
import { decryptionObject, encodeDecryption, makeDecryption } from '../../../protocol/tally/decryption.ts';
import { lagrangeCoefficients, resultHash } from '../../../protocol/tally/combine.ts';
import { countPoint } from '../../../protocol/tally/search/find-counts.ts';
import { eighthOfBase, eighthScalar } from '../../../protocol/proofs/eighth.ts';
import { proveDecryption } from '../../../protocol/proofs/chaum-pedersen.ts';
import { proveConstantTerms } from '../../../protocol/proofs/schnorr.ts';
import { streamOf } from '../stream.ts';
import { Run, SETUP } from './run.ts';

// What the files in test/vectors/ hold, from seeds: a second implementation checks hashes, equations and orders with them.

const setup = { ...SETUP, chainId: Number(SETUP.chainId) };
const points = (list: readonly Point[]): string[] => list.map(encodePoint);

export function schnorrVector(): unknown {
  const secrets = [11n, 22n].map(toScalar);
  const eighths = secrets.map((x, lane) => [eighthOfBase(x), eighthOfBase(toScalar(100n + BigInt(lane)))]);
  const { K, z } = proveConstantTerms(
    { base: 5n, trustee: 2, eighths, transportKey: 9n },
    secrets,
    streamOf('schnorr'),
  );
  return {
    source: 'SPEC §7, batched Schnorr; the secrets are 11 and 22',
    base: wordHex(5n),
    trustee: 2,
    transportKey: wordHex(9n),
    eighths: eighths.map(points),
    constantTerms: points(secrets.map(multiplyBase)),
    K: encodePoint(K),
    z: wordHex(z),
  };
}

export function chaumPedersenVector(): unknown {
  const secrets = [31n, 41n, 59n].map(toScalar);
  const R = multiplyBase(toScalar(271828n));
  const statement = {
    context: 3n,
    R,
    verificationKeys: secrets.map(multiplyBase),
    eighths: secrets.map((x) => multiply(R, eighthScalar(x))),
  };
  const { A, B, z } = proveDecryption(statement, secrets, streamOf('chaum-pedersen'));
  return {
    source: 'SPEC §12.3, Chaum–Pedersen over a random combination of lanes; the secrets are 31, 41 and 59',
    context: wordHex(3n),
    R: encodePoint(R),
    verificationKeys: points(statement.verificationKeys),
    eighths: points(statement.eighths),
    A8: encodePoint(A),
    B8: encodePoint(B),
    z: wordHex(z),
  };
}

export async function ceremonyVector(): Promise<unknown> {
  const run = await new Run().toConfirm();
  const shares = await Promise.all([1, 2, 3].map((m) => finalShare(run.state, run.secrets.get(m)!)));
  const transcript = transcriptHash(run.state);
  run.confirmAll();
  const messages = [...run.messages] as SignedMessage[];
  run.send({ kind: 'finish' });
  const { publicKeys, shiftedKeys, verificationKeys } = run.state.keys!;
  return {
    source: 'SPEC §7, an honest ceremony',
    setup,
    ceremonyBase: wordHex(ceremonyBase(SETUP, 1)),
    transportSecretKeys: [1, 2, 3].map((m) => encodeHex(run.secrets.get(m)!.transport.secretKey)),
    revealHashes: [1, 2, 3].map((m) => wordHex(revealHash(run.reveals.get(m)!))),
    commitHashes: [1, 2, 3].map((m) => wordHex(commitHash(SETUP, 1, m, revealHash(run.reveals.get(m)!)))),
    messages: messages.map((message) => ({ message: encodeMessage(message), object: wordHex(messageObject(message)) })),
    transcriptHash: wordHex(transcript),
    publicKeys: points(publicKeys),
    shiftedKeys: points(shiftedKeys),
    verificationKeys: [1, 2, 3].map((m) => points(verificationKeys.get(m)!)),
    shares: shares.map(({ shares: lanes }) => lanes.map(wordHex)),
  };
}

export function tallyVector(): unknown {
  const share = [31n, 41n].map(toScalar);
  const R = multiplyBase(toScalar(314159n));
  const place = { chainId: SETUP.chainId, election: SETUP.election, unit: 4, trustee: 2 };
  const words = encodeDecryption(makeDecryption(place, R, share, share.map(multiplyBase), streamOf('tally')));
  return {
    source: 'SPEC §12.3 and §12.4; the shares are 31 and 41',
    place: { ...place, chainId: Number(place.chainId) },
    R: encodePoint(R),
    verificationKeys: points(share.map(multiplyBase)),
    decryption: words.map(wordHex),
    stepObject: wordHex(decryptionObject(place.unit, words)),
    lagrange: { indices: [1, 3, 4], coefficients: lagrangeCoefficients([1, 3, 4]).map(wordHex) },
    counts: { first: 1234, second: 5678, point: encodePoint(countPoint({ first: 1234, second: 5678 })) },
    result: {
      units: [
        { state: 'open', nonEmpty: 60, counts: [40, 20] },
        { state: 'merged', nonEmpty: 7, counts: [0, 0] },
      ],
      hash: wordHex(
        resultHash([
          { state: 'open', nonEmpty: 60, counts: [40, 20] },
          { state: 'merged', nonEmpty: 7, counts: [0, 0] },
        ]),
      ),
    },
  };
}
