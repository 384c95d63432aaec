import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Invocation } from '../../../client/cli/frame/invocation.ts';
import { createProgress } from '../../../client/cli/frame/progress.ts';
import { decrypt } from '../../../client/cli/trustee/decrypt.ts';
import { UrnaError, at } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { TRUSTEES } from '../../contracts/fixture/config.ts';
import type { AccountFiles } from '../../server/world.ts';
import { writeAccount } from '../../server/world.ts';
import { SEAL_LIES } from '../../tampered/sealed/lies.ts';
import { QBFT_LIES } from '../../tampered/sealed/qbft-lies.ts';
import type { Engine, SealedElection } from '../../tampered/sealed/vector.ts';
import { readSealedElection } from '../../tampered/sealed/vector.ts';
import { writeRecord } from '../../tampered/write.ts';
import { newFolder, put } from '../cli/urna.ts';

let folder: string;
let trustee: AccountFiles;

beforeAll(async () => {
  folder = newFolder();
  trustee = await writeAccount(folder, 'trustee', at(TRUSTEES, 0).privateKey);
});
afterAll(terminate);

/** The code with which a trustee's tool refuses to decrypt from a record. */
async function refusal(name: string, { entries, evidence }: SealedElection): Promise<string | undefined> {
  const record = join(folder, name);
  put(folder, 'election.json', evidence.definition);
  mkdirSync(dirname(record), { recursive: true });
  const { election } = await writeRecord(record, entries, evidence);
  const call: Invocation = {
    options: { record, key: trustee.accountFile, secrets: join(folder, 'secrets'), out: join(folder, 'out.json') },
    settings: {
      ...{ definition: join(folder, 'election.json'), election, public: join(record, 'files') },
      passphraseFile: trustee.accountPassphraseFile,
    },
    ...{ args: [], progress: createProgress(true) },
  };
  try {
    await decrypt(call);
  } catch (error) {
    if (error instanceof UrnaError) return error.code;
    throw error;
  }
  return undefined;
}

const LIES = {
  clique: { all: SEAL_LIES, told: ['ballots are left out of the record', 'there are no seals'] },
  qbft: {
    all: QBFT_LIES,
    told: ['ballots that a quorum sealed are left out of the record', 'two of four validators sealed'],
  },
};

describe.each(['clique', 'qbft'] satisfies Engine[])('urna trustee decrypt, by %s', (engine) => {
  const { all, told } = LIES[engine];
  let sealed: SealedElection;
  beforeAll(() => {
    sealed = readSealedElection(engine);
  });

  it('takes a record that the validators sealed to the officers’ anchor, which this one lacks', async () => {
    expect(await refusal(engine, sealed)).toBe('state/anchor');
  }, 300_000);

  it.each(told)(
    'refuses a record where %s',
    async (name) => {
      const forged = all.find(({ lie }) => lie === name);
      expect(await refusal(name.replace(/\W/gu, '-'), forged!.forge(sealed))).toBe('check/seals');
    },
    60_000,
  );
});
