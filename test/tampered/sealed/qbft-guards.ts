import { at } from '../../../protocol/errors.ts';
import { quorumOf } from '../../../protocol/seals/qbft.ts';
import { amongst } from './guards.ts';
import type { SealLie } from './lie.ts';
import { lie, right, withHeaders } from './lie.ts';
import { fieldsOf } from './reseal.ts';
import { sealQbft } from './seal-qbft.ts';
import type { SealedElection } from './vector.ts';

/** The election of so many validators, of whom these seal. */
function sealedBy(count: number, sealers: number, election: SealedElection): SealedElection {
  const among = amongst(count, election);
  const seals = { sealers: Array.from({ length: sealers }, (_, i) => i) };
  return withHeaders(among, (headers) => [sealQbft(fieldsOf(at(headers, 0)), among.keys, seals)]);
}

/** Other numbers of validators than four: the definition then has another hash than the chain's, which check 1 finds. */
export const QBFT_GUARDS: readonly SealLie[] = [1, 2, 3, 5, 6, 7, 32].flatMap((count) => {
  const quorum = quorumOf(count);
  return [
    right(`${quorum} of ${count} validators seal by QBFT`, (e) => sealedBy(count, quorum, e)),
    lie(`${quorum - 1} of ${count} validators seal by QBFT`, `${quorum} are needed`, (e) =>
      sealedBy(count, quorum - 1, e),
    ),
  ];
});
