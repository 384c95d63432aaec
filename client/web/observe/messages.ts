import type { CheckResult } from '../../../protocol/checks/check.ts';
import type { Figures } from './figures.ts';

/** A record that somebody made. */
export type RecordSource =
  { readonly from: 'service'; readonly url: string } | { readonly from: 'folder'; readonly files: readonly File[] };

/** A chain of which the record is made here. */
export interface ChainSource {
  readonly from: 'chain';
  /** JSON-RPC address of a node. */
  readonly rpc: string;
  /** Address of the `Election` contract. */
  readonly election: string;
  /** What is published beside the chain (SPEC §14.5); whatever it holds is compared with the chain. */
  readonly published: RecordSource;
}

/** Where what is verified comes from. */
export type Source = RecordSource | ChainSource;

/** What a worker is told first: to verify a record, or to help whoever is behind the port. */
export type Task =
  | { readonly role: 'verify'; readonly source: Source; readonly helpers: readonly MessagePort[] }
  | { readonly role: 'help'; readonly port: MessagePort };

/** What a verification ended with. */
export interface Verdict {
  readonly checks: readonly CheckResult[];
  readonly ok: boolean;
  readonly complete: boolean;
  /** Whether the definition names who seals the chain; undefined where it cannot be read. */
  readonly sealed: boolean | undefined;
  readonly entries: number;
  /** The record's hash, which two observers compare. */
  readonly hash: string;
  /** Undefined where the definition cannot be read. */
  readonly figures: Figures | undefined;
}

/** What the worker tells the page; the last is a verdict or an error. */
export type Report =
  | { readonly kind: 'progress'; readonly of: 'entries' | 'blocks'; readonly done: number; readonly all: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };
