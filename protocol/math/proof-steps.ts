/**
 * Steps of a proof that is split (SPEC §10.9), each with its share of the whole work in thousandths: about what it took of `ballot-8` in one thread.
 * The first two are done once for a circuit.
 */
export const PROOF_STEPS = {
  ...{ multiples: 550, coset: 10, examples: 105, sums: 200, rows: 5 },
  ...{ b2: 14, a: 6, b1: 5, c: 8 },
  ...{ witness: 7, quotient: 15, moves: 68, remainder: 7 },
} as const;
export type ProofStep = keyof typeof PROOF_STEPS;

/** Told what part of a step is done: all of it, unless said. */
export type StepDone = (step: ProofStep, part?: number) => void;
