import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollScope, slotOf } from '../../../protocol/ballot/slot.ts';
import { parseCanonical } from '../../../protocol/canonical-json.ts';
import { readRegistration } from '../../../protocol/credentials/registration.ts';
import { encodeText, encodeWord } from '../../../protocol/encoding.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import { signReceipt } from '../../../protocol/receipts/receipt.ts';
import { registrationStatement } from '../../../protocol/receipts/registration-receipt.ts';
import { readNewestVersion } from '../../../contracts/client/roll.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import type { Canary } from '../canaries.ts';
import { findCanaries, folderBytes } from '../canaries.ts';
import { registerCall } from './command.ts';
import { eventually } from './eventually.ts';
import type { RegistrarWorld } from './world.ts';
import { CODE, openRegistration } from './world.ts';

let world: RegistrarWorld;
let service: EligibilityService;
let proxy: Server;
let url: string;
let canaries: Canary[];
const log: string[] = [];
const traffic: Buffer[] = [];

beforeAll(async () => {
  world = await openRegistration([2, 1]);
  service = await createEligibility(world.settings, { write: (line) => void log.push(line) });
  const address = await service.app.server.listen({ host: '127.0.0.1', port: 0 });
  proxy = createServer((socket) => {
    const other = connect(Number(new URL(address).port), '127.0.0.1');
    socket.on('data', (chunk: Buffer) => void (traffic.push(chunk), other.write(chunk)));
    other.on('data', (chunk: Buffer) => void (traffic.push(chunk), socket.write(chunk)));
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      one.on('close', () => two.destroy()).on('error', () => two.destroy());
    }
  });
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  canaries = await canariesOf();
}, 300_000);
afterAll(async () => {
  proxy.close();
  await service.app.server.close();
  await service.close();
  await world.close();
});

/** What the north's first voter has and nobody else may: secrets of identity and credential, and the slots, which are its nullifiers. */
async function canariesOf(): Promise<Canary[]> {
  const { identity, credential } = world.voter(0, 0);
  const { chainId, election } = world.context;
  const poseidon = await loadPoseidon();
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

describe('a registrar', () => {
  it('never sees a secret, a code or a nullifier: not in its store, its log, its files or what came over the wire', async () => {
    await world.chain.advanceTo(world.made.definition.times.registrationCloses);
    await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
    await fetch(`${url}/v1/registrations.jsonl`).then((response) => response.text());
    const seen = {
      store: folderBytes(join(world.folder, 'redis')),
      log: Buffer.from(log.join('')),
      published: folderBytes(world.settings.publishFolder),
      traffic: Buffer.concat(traffic),
    };
    const commitment: Canary = { name: 'commitment', bytes: encodeWord(world.voter(0, 0).identity.commitment) };
    for (const [place, bytes] of Object.entries(seen)) {
      expect([place, bytes.length > 0, findCanaries(bytes, canaries)]).toEqual([place, true, []]);
      // The scan can see: what may be there, is there, except in the log.
      expect([place, findCanaries(bytes, [commitment])]).toEqual([place, place === 'log' ? [] : ['commitment']]);
    }
  });

  it('that logs what a page gives away is found out, in whatever form it writes it', async () => {
    const { identity } = world.voter(0, 0);
    const secret = Buffer.from(identity.privateKey);
    const forms = [
      secret.toString('hex'),
      BigInt(`0x${secret.toString('hex')}`).toString(),
      secret.toString('base64'),
      secret.toString('base64url'),
    ];
    const mutantLog: string[] = [];
    const mutant = await createEligibility(world.settings, { write: (line) => void mutantLog.push(line) });
    mutant.app.server.addHook('onRequest', (request, _reply, done) => {
      request.log.info({ referrer: request.headers.referer }, 'asked');
      done();
    });
    const address = await mutant.app.server.listen({ host: '127.0.0.1', port: 0 });
    for (const form of [...forms, Buffer.from(`page?id=${secret.toString('latin1')}`, 'latin1').toString('base64')]) {
      mutantLog.splice(0);
      await fetch(`${address}/v1/healthz`, {
        headers: { referer: `https://vote.example/#${encodeURIComponent(form)}` },
      });
      const text = mutantLog.map((line) => decodeURIComponent(line)).join('');
      expect(findCanaries(encodeText(text), canaries)).toContain('identity');
    }
    await mutant.app.server.close();
    await mutant.close();
  });
});
