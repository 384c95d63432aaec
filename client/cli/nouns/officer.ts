import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';

/** `urna officer`. */
export function officerNoun(): Command {
  return nounOf('officer', 'officer', {
    key: keyVerb('officer'),
  });
}
