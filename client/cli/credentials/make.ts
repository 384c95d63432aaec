import { join } from 'node:path';
import { encodeCode } from '../../../protocol/credentials/code.ts';
import {
  createCredentialList,
  encodeCredentialList,
  reserveCount,
} from '../../../protocol/credentials/credential-list.ts';
import { deriveCredentialAsync } from '../../../protocol/credentials/credential.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import { loadDefinition } from '../election/definition-file.ts';
import type { LoadedDefinition } from '../election/definition-file.ts';
import { exists, readText, writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { renderTable } from '../frame/table.ts';
import { htmlLetters, textLetter } from './letters.ts';
import type { Letter } from './letters.ts';
import { parseVoterList } from './voter-list.ts';
import type { Voter } from './voter-list.ts';

interface Credential {
  readonly code: string;
  readonly publicKey: Uint8Array;
}

/**
 * `urna credentials make`: a credential for every voter of the list and a reserve. Writes, into a new folder, `public/` (lists
 * of keys, for the registrar and everyone) and `secret/` (letters and reserve codes, readable by their owner only).
 *
 * @throws `credentials/count` where list and definition differ, `file/exists`, and the codes of {@link parseVoterList}
 */
export async function makeCredentials(call: Invocation): Promise<Outcome> {
  const loaded = await loadDefinition(call);
  const { districts } = loaded.definition;
  const slugs = districts.map(({ id }) => id);
  const voters = parseVoterList(await readText(option(call, 'voters')), slugs);
  const folder = option(call, 'out');
  require(!(await exists(
    folder,
  )), 'file/exists', `${folder} exists already: credentials are made once, into a new folder`);
  const perDistrict = districts.map((_, district) => voters.filter((voter) => voter.district === district));
  perDistrict.forEach((list, i) => {
    const { id, voters: expected } = at(districts, i);
    const same = list.length === expected;
    require(same, 'credentials/count', `district ${id}: the list names ${list.length} voters, the definition ${expected}`);
  });
  const total = perDistrict.reduce((sum, list) => sum + list.length + reserveCount(list.length), 0);
  call.progress.start('credentials', total);
  let done = 0;
  const make = async (): Promise<Credential> => {
    const code = encodeCode(randomBytes(10));
    const { publicKey } = await deriveCredentialAsync(code, decodeHex(loaded.hash, 32));
    call.progress.update(++done);
    return { code, publicKey };
  };
  const rows: (readonly [string, number, number])[] = [];
  for (const [i, list] of perDistrict.entries()) rows.push(await writeDistrict(loaded, i, list, folder, make));
  call.progress.stop();
  const data = rows.map(([district, count, reserve]) => ({ district, count, reserve }));
  return { data: { folder, districts: data }, text: renderTable(['district', 'credentials', 'reserve'], rows) };
}

async function writeDistrict(
  { definition, hash }: LoadedDefinition,
  index: number,
  voters: readonly Voter[],
  folder: string,
  make: () => Promise<Credential>,
): Promise<readonly [string, number, number]> {
  const district = at(definition.districts, index);
  const codes: Credential[] = [];
  for (let i = 0; i < voters.length + reserveCount(voters.length); i++) codes.push(await make());
  const [own, reserve] = [codes.slice(0, voters.length), codes.slice(voters.length)];
  const keys = (list: readonly Credential[]): Uint8Array[] => list.map(({ publicKey }) => publicKey);
  const list = createCredentialList(hash, index, keys(own), keys(reserve));
  await writeFile(join(folder, 'public', `${district.id}.json`), encodeCredentialList(list));
  const letters = voters.map((voter, i): Letter => {
    const { name, address } = voter;
    return { name, address, election: definition.title.en, district: district.title.en, code: at(own, i).code };
  });
  const secret = join(folder, 'secret');
  await writeFile(join(secret, `letters-${district.id}.html`), htmlLetters(letters), { secret: true });
  for (const [i, letter] of letters.entries()) {
    await writeFile(join(secret, 'letters', `${at(voters, i).id}.txt`), textLetter(letter), { secret: true });
  }
  const spare = reserve.map(({ code }) => `${code}\n`).join('');
  await writeFile(join(secret, `reserve-${district.id}.txt`), spare, { secret: true });
  return [district.id, own.length, reserve.length];
}
