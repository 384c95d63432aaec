import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';

/** `urna box`. */
export function boxNoun(): Command {
  return nounOf('box', 'box', {
    key: keyVerb('box'),
  });
}
