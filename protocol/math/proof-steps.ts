/**
 * Steps of a voter's proof that is split (SPEC §10.9), each with its share of the whole work in thousandths: about what it took of `ballot-8` in one
 * thread. The first is done once for a circuit.
 */
export const PROOF_STEPS = {
  ...{ coset: 40, examples: 140, rows: 5 },
  ...{ 'sum-b2': 230, 'sum-c': 110, 'sum-a': 90, 'sum-b1': 60 },
  ...{ b2: 42, a: 16, b1: 14, c: 23 },
  ...{ witness: 20, quotient: 40, moves: 20, points: 140, remainder: 10 },
} as const;
export type ProofStep = keyof typeof PROOF_STEPS;

/** Told what part of a step is done: all of it, unless said. In a single thread what comes next waits for what it returns: others may have their turn. */
export type StepDone = (step: ProofStep, part?: number) => void | Promise<void>;
