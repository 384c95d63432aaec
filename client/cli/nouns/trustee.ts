import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import type { Verb } from '../frame/run.ts';
import { nounOf } from '../frame/verbs.ts';
import type { OptionSpec, VerbSpec } from '../frame/verbs.ts';
import { OFFLINE, POSTING, RECORD, RECORD_INSTEAD } from './shared.ts';

/** `urna trustee`: the key ceremony and the decryption, step by file, air-gapped. */
export function trusteeNoun(): Command {
  const deal = () => import('../trustee/deal.ts');
  return nounOf('trustee', 'trustees: key ceremony and decryption; offline steps by file, posted by anyone', {
    key: keyVerb('trustee'),
    commit: step(
      'stage 1: draw the secrets and commit to them',
      async () => (await import('../trustee/commit.ts')).commit,
    ),
    reveal: step('stage 2: reveal what was committed to', async () => (await import('../trustee/commit.ts')).reveal),
    deal: step('stage 3: seal a share for every other trustee', async () => (await deal()).deal),
    confirm: step('stage 4: check all shares, keep the sum and confirm', async () => (await deal()).confirm),
    accuse: step('stage 4: accuse the dealer of a wrong share', async () => (await deal()).accuse, [
      ['--dealer <n>', 'number of the dealer'],
      ['--lane <n>', 'lane of the share, from 0'],
    ]),
    answer: step('stage 4: answer an accusation by opening the share', async () => (await deal()).answer, [
      ['--accuser <n>', 'number of the accuser'],
      ['--lane <n>', 'lane of the share, from 0'],
    ]),
    decrypt: step(
      'verify the record and decrypt the sums of all units',
      async () => (await import('../trustee/decrypt.ts')).decrypt,
    ),
    post: {
      text: 'put step files of any trustees on chain',
      args: '<files...>',
      settings: [...POSTING, 'cache'],
      options: [RECORD_INSTEAD],
      load: async () => (await import('../trustee/post.ts')).post,
    },
    finish: {
      text: 'have the chain compute the keys once all have confirmed',
      settings: [...POSTING, 'cache'],
      options: [RECORD_INSTEAD],
      load: async () => (await import('../trustee/post.ts')).finish,
    },
    timeout: {
      text: "after a stage's deadline: exclude who is missing and start again",
      settings: POSTING,
      load: async () => (await import('../trustee/post.ts')).timeout,
    },
    forget: {
      text: 'delete the secrets that are not needed any more: of the ceremony once it is done, the share once the result is certified',
      settings: [...OFFLINE, 'passphraseFile'],
      required: [...KEY_OPTIONS, RECORD],
      load: async () => (await import('../trustee/forget.ts')).forget,
    },
  });
}

const KEY_OPTIONS: readonly OptionSpec[] = [
  ['--key <file>', 'key file of the trustee'],
  ['--secrets <folder>', "the trustee's working folder; its files open with the key only"],
];

function step(text: string, load: () => Promise<Verb>, more: readonly OptionSpec[] = []): VerbSpec {
  const required: readonly OptionSpec[] = [...KEY_OPTIONS, RECORD, ['--out <file>', 'step file'], ...more];
  return { text, settings: [...OFFLINE, 'passphraseFile', 'artifacts'], required, load };
}
