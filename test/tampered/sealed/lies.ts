import { FILE_LIES } from './file-lies.ts';
import type { SealLie } from './lie.ts';
import { RLP_LIES } from './rlp-lies.ts';
import { RUN_LIES } from './run-lies.ts';
import { STATE_LIES } from './state-lies.ts';
import { TRIE_LIES } from './trie-lies.ts';

/** Lies about seals, and a few things that are none. */
export const SEAL_LIES: readonly SealLie[] = [...RUN_LIES, ...STATE_LIES, ...TRIE_LIES, ...RLP_LIES, ...FILE_LIES];
