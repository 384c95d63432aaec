import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';
import { POSTING } from './shared.ts';

/** `urna box`: a ballot box: posts voters' updates and masks. */
export function boxNoun(): Command {
  return nounOf('box', 'ballot box: post ballots, masks and changed votes', {
    key: keyVerb('box'),
    post: {
      text: "check voters' update files and post those that hold",
      args: '<files...>',
      settings: [...POSTING, 'cache', 'artifacts'],
      load: async () => (await import('../box/post.ts')).post,
    },
    mask: {
      text: "one update for every slot of the box's round: a changed vote that waits, or a mask",
      settings: [...POSTING, 'cache', 'artifacts'],
      options: [['--inbox <folder>', 'update files of changed votes']],
      load: async () => (await import('../box/mask.ts')).mask,
    },
  });
}
