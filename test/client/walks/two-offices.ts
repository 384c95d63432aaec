import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hand, urna } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import { readDeploymentPlace } from '../../../client/cli/election/definition-file.ts';
import { connect } from '../../../contracts/client/connection.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import { readNewestVersion } from '../../../contracts/client/roll.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { Browser } from '../../server/eligibility/browser.ts';
import { eventually } from '../../server/eligibility/eventually.ts';
import { startProvider } from '../../server/eligibility/start-provider.ts';
import { freePort, startService } from './service-process.ts';
import { inTurn, publish, writeOwn } from './world.ts';
import type { Keyed, World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Registrar and provider of a two-office election, each a process. */
export interface TwoOffices {
  readonly url: string;
  readonly callbackUrl: string;
  stop(): Promise<void>;
}

/** Starts a provider and the registrar's server, for whose second factor the voters are eligible by their names. */
export async function startOffices(world: World, registrar: Keyed): Promise<TwoOffices> {
  const { root, chain, voters } = world;
  const port = await freePort();
  const oidcCallbackUrl = `http://127.0.0.1:${port}/v1/oidc/callback`;
  const provider = await startProvider(oidcCallbackUrl);
  const redis = await startPrivateRedis(join(root, 'registrar-redis'));
  const own = (name: string): string => join(registrar.folder, name);
  writeOwn(registrar, 'client-secret', 'a secret of this test\n');
  writeOwn(registrar, 'subjects-names.txt', voters.map(({ name }) => `${name}\n`).join(''));
  const { election } = await readDeploymentPlace(own('public/deployment.json'));
  const settings = {
    ...{ definitionFile: own('public/election.json'), election, rpc: chain.url, redisUrl: redis.url, port },
    ...{ listsFolder: own('public/credentials'), publishFolder: own('published') },
    ...{ accountFile: own('key.age'), accountPassphraseFile: own('passphrase') },
    ...{ oidcIssuer: provider.issuer, oidcClientId: 'registrar', oidcClientSecretFile: own('client-secret') },
    ...{ oidcCallbackUrl, subjectsFile: own('subjects.txt'), subjectsSealFile: own('subjects.seal') },
  };
  await writeSubjects(settings, own('subjects-names.txt'));
  await sealSubjects(world, registrar, provider.issuer);
  const service = await startService('eligibility', settings);
  const stop = async (): Promise<void> => {
    await service.stop();
    await redis.stop();
    provider.process.kill('SIGKILL');
  };
  return { url: service.url, callbackUrl: oidcCallbackUrl, stop };
}

/** The operators' word, as they run it before the service can start. */
async function writeSubjects(settings: Readonly<Record<string, string | number>>, names: string): Promise<void> {
  const config = `${names}.json`;
  writeFileSync(config, JSON.stringify(settings));
  const words = [join(ROOT, 'dist/eligibility.mjs'), 'subjects', names, String(settings['subjectsFile'])];
  const env = { PATH: process.env['PATH'] };
  const child = spawn(process.execPath, ['--no-warnings', ...words, '--config', config], { env });
  const said = textOf(child);
  const [status] = (await once(child, 'close')) as [number];
  if (status !== 0) throw new Error(`no subjects: ${said()}`);
}

/** Every officer signs the list of those who are eligible, from their names; together it is the seal. */
async function sealSubjects({ officers }: World, registrar: Keyed, issuer: string): Promise<void> {
  const lines = await inTurn(officers, async (officer) => {
    hand(registrar, officer, ['subjects-names.txt']);
    const own = ['--key', 'key.age', '--names', 'subjects-names.txt', '--issuer', issuer, '--out', 'subjects.line'];
    await urna(officer, 'officer', 'subjects', ...own);
    return readFileSync(join(officer.folder, 'subjects.line'), 'utf8');
  });
  writeFileSync(join(registrar.folder, 'subjects.seal'), lines.join(''));
}

function textOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part) => (text += part));
  return () => text;
}

/** What a voter's terminal showed, and how the command ended. */
export interface AtTerminal {
  readonly status: number;
  readonly shown: string;
}

/**
 * `urna voter register --registrar` at a terminal (util-linux's `script` gives it one): the voter copies the address shown into a browser, logs in
 * as `name`, and copies the last address back.
 */
export async function registerByLogin(
  voter: Party,
  offices: Omit<TwoOffices, 'stop'>,
  name: string,
): Promise<AtTerminal> {
  const out = `registration-${voter.name}.json`;
  const own = [
    '--commitment',
    'identity.commitment.json',
    '--code-file',
    'code.txt',
    '--district',
    'north',
    '--out',
    out,
  ];
  const urnaWords = [process.execPath, '--no-warnings', join(ROOT, 'bin/urna.mjs'), 'voter', 'register', ...own];
  const command = [...urnaWords, '--registrar', offices.url].map((word) => `'${word}'`).join(' ');
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'dumb' };
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: voter.folder, env });
  const shown = textOf(child);
  const closed = once(child, 'close') as Promise<[number]>;
  const login = (): string | undefined => /^ {2}(http:\/\/\S+)\s*$/mu.exec(shown())?.[1];
  await eventually(async () => login() !== undefined || child.exitCode !== null);
  const address = login();
  if (address !== undefined) {
    const browser = new Browser();
    const ended = await browser.logIn(address, name, offices.callbackUrl);
    const page = await browser.fetch(ended);
    // The login was begun by the command, not by this browser, which gets nothing.
    if (page.status !== 403) throw new Error(`the browser got ${page.status}`);
    child.stdin.write(`${ended}\r`);
  }
  const [status] = await closed;
  return { status, shown: shown() };
}

/** Waits until the registrar's server has put the whole roll on chain by itself, and publishes the file that it serves. */
export async function publishServed(world: World, registrar: Keyed, { url }: TwoOffices): Promise<void> {
  const { election } = await readDeploymentPlace(join(registrar.folder, 'public', 'deployment.json'));
  const at = await locateElection(await connect(world.chain.url, chainProfile('embedded')), election);
  await eventually(async () => ((await readNewestVersion(at))?.completedAt ?? 0) > 0);
  const name = 'registrations-1.jsonl';
  const response = await fetch(`${url}/v1/registrations.jsonl?version=1`);
  writeFileSync(join(registrar.folder, name), Buffer.from(await response.arrayBuffer()));
  publish(world, registrar, name, name);
}
