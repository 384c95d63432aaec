import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import type { MaskJob } from '../../../protocol/ballot/prove-mask.ts';
import type { ProvedUpdate } from '../../../protocol/ballot/prove.ts';
import { verifyUpdate } from '../../../protocol/ballot/prove.ts';
import { contextBase } from '../../../protocol/ballot/slot.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { ProvingPool } from '../../../protocol/node/proving-pool.ts';
import type { Poll } from '../../circuits/fixture.ts';
import { after, id, openPoll } from '../../circuits/fixture.ts';

const folder = join(import.meta.dirname, '../../../circuits/artifacts');
const circuit = readProvingArtifacts(folder, 'ballot-2', 'development');
const key = decodeVerifyingKey(parseJson(circuit.verifyingKeyBytes));
/** More than a thread proves before it prepares its circuit. */
const MASKS = 12;

const pool = new ProvingPool(new Map([[1, circuit]]), 1);
let poll: Poll;
let job: MaskJob;

beforeAll(async () => {
  poll = await openPoll(ruleOf('single', {}, 2));
  const cast = poll.vote(0, [1n, 0n]);
  const { constants } = poll;
  job = { constants, contextBase: contextBase(id), slot: cast.update.nullifier, state: after(cast) };
});
afterAll(() => Promise.all([pool.close(), terminate()]));

describe('ProvingPool', () => {
  it('makes masks whose proofs hold, each with randomness of its own', async () => {
    const masks = await Promise.all(Array.from({ length: MASKS }, () => pool.prove(job)));
    const holds = await Promise.all(masks.map(({ update, proof }) => verifyUpdate(key, poll.constants, update, proof)));
    expect(holds).toEqual(masks.map(() => true));
    const points = masks.map(({ update }) => update.next.R.x);
    expect(new Set(points).size).toBe(MASKS);
    const blinded = masks.map(({ proof }) => proof[0]);
    expect(new Set(blinded).size).toBe(MASKS);
  }, 300_000);

  it('fits a mask to its slot’s state only', async () => {
    const { update, proof }: ProvedUpdate = await pool.prove(job);
    const elsewhere = { ...update, context: update.nullifier };
    expect(await verifyUpdate(key, poll.constants, update, proof)).toBe(true);
    expect(await verifyUpdate(key, poll.constants, elsewhere, proof)).toBe(false);
  }, 120_000);

  it('says which circuit is not installed, and goes on', async () => {
    const other = await openPoll(ruleOf('single', {}, 8));
    await expect(pool.prove({ ...job, constants: other.constants })).rejects.toMatchObject({
      code: 'artifacts/missing',
    });
    expect((await pool.prove(job)).update.nullifier).toBe(job.slot);
  }, 120_000);

  it('does not answer for threads that were ended', async () => {
    const other = new ProvingPool(new Map([[1, circuit]]), 1);
    const answers = Promise.allSettled([other.prove(job), other.prove(job)]);
    await other.close();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
