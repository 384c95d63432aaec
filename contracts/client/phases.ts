/** Phases of an election (DESIGN §4), in the contract's order. */
export const PHASES = [
  'defined',
  'registering',
  'challenge',
  'ready',
  'open',
  'closed',
  'counted',
  'certified',
  'cancelled',
] as const;
export type Phase = (typeof PHASES)[number];

/** Stages of the key ceremony (DESIGN §4), in the contract's order. */
export const STAGES = ['commit', 'reveal', 'deal', 'confirm', 'done', 'aborted'] as const;
export type Stage = (typeof STAGES)[number];
