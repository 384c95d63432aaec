import type { Hex } from '../encoding.ts';

/**
 * SHA-256 of the constraint system of each ballot circuit, by its number of lanes (SPEC §13.1): what anyone gets by compiling
 * `circuits/main`. A key for another statement, with as many signals, could leave out whatever it liked.
 */
export const CONSTRAINT_SYSTEMS: ReadonlyMap<number, Hex> = new Map([
  [1, '0x426016a7009e7482aa00f3866bf8ed92c674b3d3b4d68f764dc2996599a5a005'],
  [4, '0xa57af3ca57ee8612cd185e78305302bf8d577bf6e0389b527025c412caf94335'],
  [8, '0xd231ff97acf7dc4ce6c9a0f5cdeaf480c55ae7ba8c9aeeab8b90e334eb48fdee'],
]);
