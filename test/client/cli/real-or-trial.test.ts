import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { exampleDefinition } from '../../protocol/definition/example.ts';
import { newFolder, urna } from './urna.ts';

const ELECTION = `0x${'12'.repeat(20)}`;
const BINDING = {
  ...{ environment: 'binding', assurance: 'two-office' },
  chain: { id: 31337, profile: 'besu-qbft', validators: [`0x${'11'.repeat(20)}`] },
};

describe('before a vote is made', () => {
  it.each([
    [BINDING, 'This is a real election: ballots cast in it are counted.'],
    [{ environment: 'rehearsal' }, 'This is a rehearsal. Its result binds nobody.'],
    [{}, 'This is a trial with development keys. It is not an election.'],
  ])('the command says whether the election is a real one: %j', async (change, sentence) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'election.json'), canonicalBytes({ ...exampleDefinition(), ...change } as Json));
    writeFileSync(join(folder, 'votes.json'), '{"mayor": ["ada"]}', { mode: 0o600 });
    const place = ['--definition', 'election.json', '--election', ELECTION, '--rpc', 'http://127.0.0.1:9'];
    const words = ['--identity', 'none.age', '--vote-file', 'votes.json', '--out', 'prepared'];
    const { stderr } = await urna(folder, ['voter', 'prepare', ...place, ...words]);
    expect(stderr.split('\n')[0]).toBe(sentence);
    expect(stderr).toContain('[file/missing]');
  });
});
