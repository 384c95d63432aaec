/** Members of this service's answers; which of them there are, a test of the route says. */
export interface Shown {
  readonly type: string;
  readonly phase: string;
  readonly times: { readonly rounds: readonly unknown[] };
  readonly roll: { readonly roots: readonly string[] };
  readonly polls: readonly { readonly ballots: number; readonly members: number }[];
  readonly units: readonly unknown[];
  readonly slots: readonly Readonly<Record<string, string>>[];
  readonly block: number;
  readonly resultHash: string;
}

/** What is read of a report in NIST SP 1500-100’s form. */
export interface NistReport {
  readonly GpUnit: readonly { readonly '@id': string; readonly ComposingGpUnitIds?: readonly string[] }[];
  readonly Election: readonly {
    readonly Contest: readonly {
      readonly ContestSelection: readonly { readonly VoteCounts: readonly { readonly Count: number }[] }[];
    }[];
  }[];
}
