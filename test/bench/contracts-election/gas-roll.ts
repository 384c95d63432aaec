import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { decodeNumber } from '../../../protocol/encoding.ts';
import { approve, sealCredentials } from '../../contracts/fixture/stages.ts';
import type { World } from '../../contracts/fixture/world.ts';
import { REASON, REGISTRAR, deployWorld, send } from '../../contracts/fixture/world.ts';
import { streamOf } from '../../protocol/stream.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';

const MEMBERS = 1_024;
/** Gas of one `addMember` of Semaphore v4 (the lower end of 118,000 … 178,000: it grows with the group). */
const SEMAPHORE = 118_000;
const TARGET = 20_000;

async function prepare(): Promise<World> {
  const chain = await startEmbeddedChain();
  const world = await deployWorld(chain, (config) => {
    config.voters[0] = BigInt(MEMBERS);
  });
  await approve(world);
  await sealCredentials(world, [MEMBERS, 0, 0]);
  await chain.advanceTo(Number(world.config.times.registrationCloses));
  await send(world, world.roll, 'beginVersion', [`0x${'77'.repeat(32)}`, REASON, 0n, []], REGISTRAR);
  return world;
}

function members(): bigint[] {
  const bytes = streamOf('gas-roll');
  const drawn = Array.from({ length: MEMBERS }, () => decodeNumber(bytes(32)) >> 3n);
  return drawn.sort((a, b) => (a < b ? -1 : 1));
}

/** Gas a member of a whole district, completion included, in batches of this size. */
export async function gasPerMember(world: World, batch: number): Promise<number> {
  const all = members();
  const snapshot = await world.chain.testClient.snapshot();
  let gas = 0n;
  for (let i = 0; i < MEMBERS; i += batch) {
    const receipt = await send(world, world.roll, 'append', [1n, 0n, all.slice(i, i + batch)], REGISTRAR);
    gas += receipt.gasUsed;
  }
  gas += (await send(world, world.roll, 'completeVersion', [1n], REGISTRAR)).gasUsed;
  await world.chain.testClient.revert({ id: snapshot });
  return Math.round(Number(gas) / MEMBERS);
}

/** Rows `gas-roll/128` and `gas-roll/512` (DESIGN §5): everything it takes, divided by the members. */
export async function rows(): Promise<Row[]> {
  const world = await prepare();
  try {
    const measured: Row[] = [];
    for (const batch of [128, 512]) {
      const value = await gasPerMember(world, batch);
      measured.push(rowAtMost(`gas-roll/${batch}`, value, 'gas', TARGET, SEMAPHORE, MEMBERS));
    }
    return measured;
  } finally {
    await world.chain.stop();
  }
}
