import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomnessOf } from '../../../protocol/ballot/ballot-bytes.ts';
import { pollScope, slotOf } from '../../../protocol/ballot/slot.ts';
import { parseCanonical } from '../../../protocol/canonical-json.ts';
import { readRegistration } from '../../../protocol/credentials/registration.ts';
import { encodeHex, encodeText, encodeWord } from '../../../protocol/encoding.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import { signReceipt } from '../../../protocol/receipts/receipt.ts';
import { registrationStatement } from '../../../protocol/receipts/registration-receipt.ts';
import { readNewestVersion } from '../../../contracts/client/roll.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import type { Canary, Places } from '../canaries.ts';
import { streamOf } from '../../protocol/stream.ts';
import { findLeaks, folderBytes } from '../canaries.ts';
import type { Told } from '../mutant.ts';
import { mutate, overlooked } from '../mutant.ts';
import type { RecordingProxy } from '../recording-proxy.ts';
import { startRecording } from '../recording-proxy.ts';
import { voteCanaries } from '../vote-canaries.ts';
import { registerCall } from './command.ts';
import { eventually } from './eventually.ts';
import type { RegistrarWorld } from './world.ts';
import { CODE, openRegistration } from './world.ts';

let world: RegistrarWorld;
let service: EligibilityService;
let proxy: RecordingProxy;
let url: string;
let canaries: Canary[];
const log: string[] = [];

beforeAll(async () => {
  world = await openRegistration([2, 1]);
  service = await createEligibility(world.settings, { write: (line) => void log.push(line) });
  const address = await service.app.server.listen({ host: '127.0.0.1', port: 0 });
  proxy = await startRecording(address);
  url = proxy.url;
  canaries = await canariesOf();
}, 300_000);
afterAll(async () => {
  proxy.stop();
  await service.app.server.close();
  await service.close();
  await world.close();
});

/** What the north's first voter has and nobody else may: secrets of identity and credential, and the slots, which are its nullifiers. */
async function canariesOf(): Promise<Canary[]> {
  const { identity, credential } = world.voter(0, 0);
  const { chainId, election } = world.context;
  const poseidon = await loadPoseidon();
  const { bytes, randomness } = randomnessOf(encodeHex(streamOf('a vote')(31).with(30, 1)), 'test');
  const nullifiers = [0, 1].map((poll) =>
    slotOf(poseidon, pollScope({ chainId: BigInt(chainId), election, poll }), identity.secretScalar),
  );
  return [
    { name: 'identity', bytes: identity.privateKey },
    { name: 'secret scalar', bytes: encodeWord(identity.secretScalar) },
    { name: 'credential seed', bytes: credential.seed },
    { name: 'code', bytes: encodeText(CODE) },
    { name: 'code without dashes', bytes: encodeText(CODE.replaceAll('-', '')) },
    ...nullifiers.map((nullifier, poll) => ({ name: `nullifier ${poll}`, bytes: encodeWord(nullifier) })),
    ...voteCanaries({ randomness, randomnessBytes: bytes, values: [0n, 7n] }, '{"council":{"anna":7}}'),
  ];
}

describe('urna voter register --registrar', () => {
  it('registers, keeps the checked receipt, and may be called again', async () => {
    const call = registerCall(world, url);
    const first = await call.run();
    const registration = readRegistration(parseCanonical(readFileSync(call.out, 'utf8').trimEnd()));
    const receiptFile = String(first.data['receipt']);
    const receipt = (): unknown =>
      readRegistrationReceipt(
        parseCanonical(readFileSync(receiptFile)),
        world.context,
        registration,
        world.made.definition.registrar,
      );
    const kept = receipt();
    expect((await call.run()).data).toEqual(first.data);
    expect(receipt()).toEqual(kept);
    await expect(registerCall(world, url).run({ sequence: '3' })).rejects.toMatchObject({
      code: 'registration/sequence',
    });
    await expect(registerCall(world, 'http://127.0.0.1:9').run()).rejects.toMatchObject({ code: 'server/unreachable' });
  });

  it('takes no receipt that another has signed, or for another commitment', () => {
    const registration = world.sign(world.voter(0, 0));
    const { registrar } = world.made.definition;
    const forged = signReceipt(registrationStatement(world.context, registration, 1), new Uint8Array(32).fill(9));
    const read = (value: object): unknown =>
      readRegistrationReceipt(JSON.parse(JSON.stringify(value)), world.context, registration, registrar);
    expect(() => read(forged)).toThrow(/not signed by the office/u);
    const other = { ...forged, statement: { ...forged.statement, commitment: `0x${'00'.repeat(32)}` } };
    expect(() => read(other)).toThrow(/another registration/u);
    expect(() => read({ ...forged, statement: 'x' })).toThrow(/no time/u);
  });
});

/** All that can be seen of the registrar from outside and on its disk. */
function placesOf(lines: readonly string[], before: RecordingProxy): Places {
  return {
    store: folderBytes(join(world.folder, 'redis')),
    log: Buffer.from(lines.join('')),
    published: folderBytes(world.settings.publishFolder),
    traffic: before.traffic(),
  };
}

describe('a registrar', () => {
  it('never sees a secret, a code, a nullifier or a vote: not in its store, its log, its files or what came over the wire', async () => {
    await world.chain.advanceTo(world.made.definition.times.registrationCloses);
    await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
    await fetch(`${url}/v1/registrations.jsonl`).then((response) => response.text());
    const places = placesOf(log, proxy);
    expect(findLeaks(places, canaries)).toEqual([]);
    // The scan can see: what may be there, is there, except in the log.
    const commitment: Canary = { name: 'commitment', bytes: encodeWord(world.voter(0, 0).identity.commitment) };
    const seen = ['store', 'published', 'traffic'].map((place) => `${place}: commitment`);
    expect(findLeaks(places, [commitment])).toEqual(seen);
    expect(findLeaks({ ...places, log: Buffer.alloc(0) }, canaries)).toEqual(['log: nothing was seen of it']);
  });

  it('that had learned any one of them would fail that very scan, wherever it left it', async () => {
    const lines: string[] = [];
    const mutant = await createEligibility(world.settings, { write: (line) => void lines.push(line) });
    const told: Told = { leak: 'log', bytes: Buffer.alloc(0) };
    const { redis } = mutant.eligibility.register;
    mutate(mutant.app.server, told, { redis, folder: world.settings.publishFolder });
    const before = await startRecording(await mutant.app.server.listen({ host: '127.0.0.1', port: 0 }));
    const places = (): Places => placesOf(lines, before);
    const { tried, missed } = await overlooked({ url: before.url, told, lines, places }, canaries);
    expect([tried > 100, missed]).toEqual([true, []]);
    before.stop();
    await mutant.app.server.close();
    await mutant.close();
  }, 120_000);
});
