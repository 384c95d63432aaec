import type { CheckResult } from '../../../protocol/checks/check.ts';
import type { Figures } from './figures.ts';

/** Where the record is. */
export type Source =
  { readonly from: 'service'; readonly url: string } | { readonly from: 'folder'; readonly files: readonly File[] };

/** What a worker is told first: to verify a record, or to help whoever is behind the port. */
export type Task =
  | { readonly role: 'verify'; readonly source: Source; readonly helpers: readonly MessagePort[] }
  | { readonly role: 'help'; readonly port: MessagePort };

/** What a verification ended with. */
export interface Verdict {
  readonly checks: readonly CheckResult[];
  readonly ok: boolean;
  readonly complete: boolean;
  readonly entries: number;
  /** The record's hash, which two observers compare. */
  readonly hash: string;
  /** Undefined where the definition cannot be read. */
  readonly figures: Figures | undefined;
}

/** What the worker tells the page; the last is a verdict or an error. */
export type Report =
  | { readonly kind: 'progress'; readonly done: number; readonly all: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };
