import type { Abi } from 'viem';
import { ballotsAbi } from './ballots.ts';
import { ceremonyMathAbi } from './ceremony-math.ts';
import { ceremonyAbi } from './ceremony.ts';
import { electionAbi } from './election.ts';
import { rollAbi } from './roll.ts';
import { tallyMathAbi } from './tally-math.ts';
import { tallyAbi } from './tally.ts';

const parts: readonly Abi[] = [electionAbi, rollAbi, ceremonyAbi, ballotsAbi, tallyAbi, ceremonyMathAbi, tallyMathAbi];

/** The custom errors of all contracts: a part's call may fail with another part's error. */
export const errorsAbi: Abi = parts.flat().filter(({ type }) => type === 'error');
