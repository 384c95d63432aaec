import { join } from 'node:path';
import { UrnaError } from '../../../protocol/errors.ts';
import type { ServiceProcess } from '../../../server/start/service-process.ts';
import { postJson } from '../../http/ask.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { act } from './acts.ts';
import { codeInLetter, download, everyone, publish, writeOwn } from './files.ts';
import { urna } from './party.ts';
import { untilPublic } from './services.ts';
import { chapter, each, say } from './stage.ts';
import type { World } from './world.ts';

/** Registration over HTTP: voters get receipts; a forged registration is refused. @param registrar - address of the registrar's service */
export async function registration(world: World, registrar: string): Promise<void> {
  chapter('Voters make identities and register with the registrar’s service');
  const { voters, chain, times } = world;
  await chain.advanceTo(times.registrationOpens + 1);
  const registering = voters.filter(({ registers }) => registers);
  await each('registrations', registering, async ({ party, id, district }) => {
    await urna(party, 'voter', 'new', '--out', 'identity.age', '--words-file', 'words.txt');
    writeOwn(party, 'code.txt', codeInLetter(party, `${id}.txt`));
    const own = ['--commitment', 'identity.commitment.json', '--code-file', 'code.txt', '--district', district];
    await urna(party, 'voter', 'register', ...own, '--out', `registration-${id}.json`, '--registrar', registrar);
  });
  say(`a registration without the right signature was refused: ${await forge(registrar)}`);
  say(`${voters.length - registering.length} of ${voters.length} voters do not register`);
}

/** The roll: posted by the registrar's service, open to challenge, sealed. @param open - the public service */
export async function roll(world: World, open: ServiceProcess): Promise<void> {
  chapter('The registrar’s service puts the roll on chain; the officers seal it after the time for challenges');
  const { registrar, chain, times, voters, commission } = world;
  await chain.advanceTo(times.registrationCloses + 1);
  await untilPublic(open, '/v1/election', ({ roll: made }: ShownElection) => made !== null && made.members.length > 0);
  publish(world, registrar, join('published', 'registrations-1.jsonl'), 'registrations-1.jsonl');
  download(world, everyone(world));
  const asking = voters.filter(({ registers }) => registers).slice(0, 2);
  await each('voters compare the roll with their registration', asking, ({ party, id }) => {
    const files = [
      '--registrations',
      join('public', 'registrations-1.jsonl'),
      '--registration',
      `registration-${id}.json`,
    ];
    return urna(party, 'roll', 'challenge', ...files);
  });
  await chain.advance(times.challengeSeconds + 1);
  const sealed = ['--registrations', join('public', 'registrations-1.jsonl'), '--roll-version', '1'];
  await act(world, 'seal', ...sealed);
  await urna(commission, 'election', 'prepare');
  say('version 1 of the roll is sealed by two of three officers');
}

interface ShownElection {
  readonly roll: { readonly members: readonly number[] } | null;
}

/** Somebody without a credential sends a registration. @returns the code with which it is refused */
async function forge(registrar: string): Promise<string> {
  const forged = {
    commitment: `0x${'0'.repeat(63)}7`,
    credentialKey: `0x${'ab'.repeat(32)}`,
    district: 0,
    sequence: 1,
    signature: `0x${'11'.repeat(64)}`,
  };
  const refused: unknown = await postJson(parseServerUrl(registrar), '/v1/registrations', forged).catch(
    (error: unknown) => error,
  );
  if (!(refused instanceof UrnaError)) throw new Error('the forged registration must be refused');
  return refused.code;
}
