import { describe, expect, it } from '@jest/globals';
import type { ReadyUpdate } from '../../../client/http/ballot-box.ts';
import { handIn } from '../../../client/http/ballot-box.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import type { ServerUrl } from '../../../client/http/server-url.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { randomBytes } from '../../../protocol/node/random.ts';

const SERVERS = [1, 2, 3, 4].map((i) => parseServerUrl(`http://127.0.0.1:900${i}`));

function update(first: boolean): ReadyUpdate {
  return { text: '{}', poll: 0, first, head: 1n };
}

/** Boxes that take a ballot, but for those that are named. */
function boxes(away: Readonly<Record<string, string>> = {}) {
  const asked: ServerUrl[] = [];
  const post = (server: ServerUrl): Promise<ServerUrl> => {
    asked.push(server);
    const code = away[server];
    return code === undefined ? Promise.resolve(server) : Promise.reject(new UrnaError(code, 'not taken'));
  };
  return { asked, post };
}

describe('handIn', () => {
  it('hands a first ballot to two boxes, any two, and no more', async () => {
    const pairs = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const { asked, post } = boxes();
      const handed = await handIn(update(true), SERVERS, randomBytes, post);
      expect(handed).toEqual(asked);
      pairs.add([...asked].sort().join());
    }
    expect(pairs.size).toBe(6);
  });

  it('tries all boxes until two have a first ballot, and is content with one', async () => {
    const [one, two, three, four] = SERVERS as [ServerUrl, ServerUrl, ServerUrl, ServerUrl];
    const away = { [one]: 'server/unreachable', [two]: 'busy/proofs' };
    const handed = await handIn(update(true), SERVERS, randomBytes, boxes(away).post);
    expect([...handed].sort()).toEqual([three, four]);
    const most = { ...away, [three]: 'busy/store' };
    expect(await handIn(update(true), SERVERS, randomBytes, boxes(most).post)).toEqual([four]);
  });

  it('hands a changed ballot to all, since two of them are to have it', async () => {
    const { asked, post } = boxes({ [SERVERS[0]!]: 'update/other-box' });
    expect(await handIn(update(false), SERVERS, randomBytes, post)).toHaveLength(3);
    expect(asked).toHaveLength(4);
  });

  it('throws what says most if no box took it', async () => {
    const codes = ['update/other-box', 'update/stale', 'update/other-box', 'update/other-box'];
    const away = Object.fromEntries(SERVERS.map((server, i) => [server, codes[i] ?? '']));
    await expect(handIn(update(false), SERVERS, randomBytes, boxes(away).post)).rejects.toMatchObject({
      code: 'update/stale',
    });
  });
});
