import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Page } from 'playwright-core';
import { getJson } from '../../../client/http/ask.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import { encodeVoterFile } from '../../../client/web/voter/voter-file.ts';
import type { VoterFile } from '../../../client/web/voter/voter-file.ts';
import { definitionHash } from '../../../protocol/definition/decode.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { encodeIdentity } from '../../../protocol/identity/identity-file.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { untilTitle } from '../../e2e/voting-page.ts';
import type { ServerWorld } from '../../server/world.ts';
import { ARTIFACTS, prepareWorld } from '../../server/world.ts';
import { freePort, startService } from '../walks/service-process.ts';

/** Of the voters' vaults. */
export const PASSPHRASE = 'four random words here';
/** A box posts first casts after so many seconds. */
const WINDOW = 1;

/**
 * An election whose vote is open, on a chain of its own, with the committed circuit: a public service that serves the pages, and one ballot
 * box, both the programs that are run.
 */
export interface VotingWorld {
  readonly world: ServerWorld;
  /** Of the public service, and of the box. */
  readonly site: string;
  readonly box: string;
  /** Of a voter of the first district. */
  readonly identity: (index: number) => Identity;
  /** Opens the voter's page with such an identity, which is kept on the page's device from then on. */
  readonly open: (page: Page, index: number) => Promise<void>;
  /** Sets the chain's clock, and waits until the public service has seen it. */
  readonly passTo: (time: number) => Promise<void>;
  close(): Promise<void>;
}

/** @param webFolder - the built web client @param voters - of the first district @param lanes - of its one question */
export async function openVotingWorld(webFolder: string, voters: number, lanes: 1 | 4 | 8 = 1): Promise<VotingWorld> {
  const world = await prepareWorld({ voters: [voters, 1], isProved: true, lanes });
  const { definition } = world.made;
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  const redis = async (name: string) => {
    mkdirSync(join(world.folder, name));
    return startPrivateRedis(join(world.folder, name));
  };
  const [ofBox, ofService] = [await redis('box-redis'), await redis('public-redis')];
  const common = { ...world.settings, artifactsFolder: ARTIFACTS };
  const { id } = at(definition.boxes, 0);
  const box = await startService('ballot-box', {
    ...{ ...common, ...at(world.boxes, 0), redisUrl: ofBox.url, origins: site },
    ...{ proofThreads: 1, maskThreads: 1, windowSeconds: WINDOW, connectionRate: 1000 },
  });
  const service = await startService('public', {
    ...{ ...common, port, redisUrl: ofService.url, webFolder, services: `${id}=${box.url}`, connectionRate: 10_000 },
    ...{ recordFolder: join(world.folder, 'record'), publicFolder: publish(world) },
  });
  const passTo = async (time: number): Promise<void> => {
    await world.chain.advanceTo(time);
    while ((await timeAt(site).catch(() => 0)) < time) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  await passTo(definition.times.opensAt + 60);
  const close = async (): Promise<void> => {
    for (const process of [box, service]) await process.stop();
    for (const each of [ofBox, ofService]) await each.stop();
    await world.close();
  };
  const identity = (index: number): Identity => at(at(world.story.offices.identities, 0), index);
  const open = async (page: Page, index: number): Promise<void> => {
    await page.goto(`${site}/?lang=en`);
    await placeVault(page, definitionHash(definition), identity(index));
    await page.goto(`${site}/vote/?lang=en`);
    await unlock(page);
  };
  return { world, site, box: box.url, identity, open, passTo, close };
}

/** From the locked page to the opened identity. */
export async function unlock(page: Page): Promise<void> {
  await untilTitle(page, 'Open your identity');
  await page.fill('#passphrase', PASSPHRASE);
  await page.click('button[type=submit]');
  await untilTitle(page, 'Your identity is open');
}

/** What authority and registrar publish. */
function publish({ folder, made, story: { offices } }: ServerWorld): string {
  const own = join(folder, 'public');
  mkdirSync(join(own, 'credentials'), { recursive: true });
  made.definition.districts.forEach(({ id }, i) => {
    writeFileSync(join(own, 'credentials', `${id}.json`), at(offices.credentials, i));
  });
  writeFileSync(join(own, 'registrations-1.jsonl'), offices.registrations);
  return own;
}

async function timeAt(site: string): Promise<number> {
  const { status } = (await getJson(parseServerUrl(site), '/v1/election', { maxBytes: 2 ** 22 })) as unknown as {
    status: { time: number };
  };
  return status.time;
}

/** Puts a vault on the browser's device as if a voter had kept the identity there, but with little scrypt. The page is at the site. @param more - what else the voter's file has */
export async function placeVault(
  page: Page,
  definitionHash: Hex,
  identity: Identity,
  more: Partial<VoterFile> = {},
): Promise<void> {
  const key = await generateX25519Identity();
  const file = {
    identity: identity.privateKey,
    district: 0,
    credential: undefined,
    receipt: undefined,
    loginFor: undefined,
    voting: {},
    ...more,
  };
  const forKey = new Encrypter();
  forKey.addRecipient(await identityToRecipient(key));
  const vault = {
    body: [...(await forKey.encrypt(encodeVoterFile(file)))],
    lock: [...(await sealed(new TextEncoder().encode(key)))],
    backup: [...(await sealed(encodeIdentity(identity)))],
  };
  await page.evaluate(
    async ([name, { body, lock, backup }]) => {
      const opening = indexedDB.open('keyval-store');
      await new Promise((resolve) => {
        opening.onupgradeneeded = () => opening.result.createObjectStore('keyval');
        opening.onsuccess = resolve;
      });
      const bytes = { body: Uint8Array.from(body), lock: Uint8Array.from(lock), backup: Uint8Array.from(backup) };
      const writing = opening.result.transaction('keyval', 'readwrite');
      writing.objectStore('keyval').put({ ...bytes, revision: 1 }, name);
      await new Promise((resolve) => (writing.oncomplete = resolve));
      opening.result.close();
    },
    [`urna-voter-${definitionHash}`, vault] as const,
  );
}

async function sealed(plain: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(10);
  encrypter.setPassphrase(PASSPHRASE);
  return encrypter.encrypt(plain);
}
