import type { Abi } from 'viem';
import { electionAbi } from './election.ts';

const parts: readonly Abi[] = [electionAbi];

/** The custom errors of all contracts: a part's call may fail with another part's error. */
export const errorsAbi: Abi = parts.flat().filter(({ type }) => type === 'error');
