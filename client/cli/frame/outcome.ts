/** What a command answers: `data` for machines, `text` for people; `exit` where it is neither 0 nor an error. */
export interface Outcome {
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** 1 where a check failed, 6 where something is still missing; absent for 0. */
  readonly exit?: 1 | 6;
  /** The stable code that goes with `exit`; `ok` otherwise. */
  readonly code?: string;
}
