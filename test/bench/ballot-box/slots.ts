import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { orderDueSlots } from '../../../server/ballot-box/posting/due-slots.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { bytesOf, connectRedis } from '../../../server/frame/redis.ts';
import { redisScript, runScript } from '../../../server/frame/redis-script.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Row } from '../row.ts';

const SLOTS = 1_500_000;
const PART = 10_000;
/** Megabytes that a box's process may take for the slots of a city. */
const MEMORY = 512;

/** Slots with names all over the field and the bytes of four lanes. ARGV: first, count */
const FILL = redisScript(`
for i = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
  local name = redis.sha1hex(i)
  name = string.sub(name .. redis.sha1hex(name), 1, 32)
  redis.call('HSET', '${KEYS.slots}0', name, string.rep('h', 64) .. '\\0' .. string.rep('c', 320))
end
return 1
`);

/** Rows `box-slots`: memory of a box that has to post for 1.5 million slots: what its process takes to order them for a round, and its Redis to hold them. */
export async function rows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-slots-'));
  const redis = await startPrivateRedis(folder);
  const client = await connectRedis(redis.url, () => undefined);
  try {
    // Memory is measured, not the disk.
    await client.configSet('appendonly', 'no');
    const bytes = bytesOf(client);
    for (let first = 0; first < SLOTS; first += PART) await runScript(bytes, FILL, [], [String(first), String(PART)]);
    const held = /used_memory:(\d+)/u.exec(await client.info('memory'))?.[1] ?? '0';
    const turn = { round: 1, stage: 'own', box: 0, boxes: 1, sealedRootsHash: 1n } as const;
    const [before, cpu] = [process.memoryUsage().rss, process.cpuUsage()];
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 100);
    const order = await orderDueSlots({ redis: client, bytes }, 0, turn, randomBytes);
    clearInterval(watch);
    peak = Math.max(peak, process.memoryUsage().rss);
    if (order.left !== SLOTS) throw new Error(`${order.left} of ${SLOTS} slots are due`);
    const { user, system } = process.cpuUsage(cpu);
    const reported = { reference: null, ratio: null, target: 'reported', met: null, samples: 1 };
    const grown = (peak - before) / 1e6;
    return [
      {
        ...reported,
        name: 'box-slots/process',
        value: grown,
        unit: 'MB more',
        target: `≤ ${MEMORY}`,
        met: grown <= MEMORY,
      },
      { name: 'box-slots/order', value: (user + system) / 1e6, unit: 's of processor', ...reported },
      { name: 'box-slots/redis', value: Number(held) / 1e6, unit: 'MB', ...reported },
    ];
  } finally {
    await client.close();
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
}
