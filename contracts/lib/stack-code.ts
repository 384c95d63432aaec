import type { Hex } from 'viem';

const OPCODES = {
  ADD: 0x01,
  ADDMOD: 0x08,
  MULMOD: 0x09,
  CALLDATALOAD: 0x35,
  MSTORE: 0x52,
  POP: 0x50,
  RETURN: 0xf3,
} as const;
const POPS = { ADD: 2, ADDMOD: 3, MULMOD: 3, CALLDATALOAD: 1, MSTORE: 2, POP: 1, RETURN: 2 } as const;

/** Straight-line EVM code whose stack is addressed by names: copying and moving find the depth themselves. */
export interface StackCode {
  /** Pushes a number; `name` labels the new top. */
  push(value: bigint, name?: string): void;
  /** Pushes a copy of the word named `name`. */
  copy(name: string): void;
  /** Exchanges the top with the word named `name`; each keeps its name. */
  exchange(name: string): void;
  /** Moves the top into the place of the word named `name`, which goes. */
  replace(name: string): void;
  /** Runs an opcode on the top words; `name` labels its result. */
  run(op: keyof typeof OPCODES, name?: string): void;
  /** Gives the top another name. */
  rename(name: string): void;
  hex(): Hex;
}

/** @throws Error where a name is not on the stack or lies deeper than the EVM reaches */
export function createStackCode(): StackCode {
  const bytes: number[] = [];
  const stack: string[] = [];
  const depth = (name: string, limit: number): number => {
    const index = stack.lastIndexOf(name);
    const below = stack.length - 1 - index;
    if (index < 0 || below > limit) throw new Error(`${name} is out of reach`);
    return below;
  };
  return {
    push(value, name = '') {
      const digits = value.toString(16);
      const data = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
      bytes.push(0x5f + data.length, ...data);
      stack.push(name);
    },
    copy(name) {
      bytes.push(0x80 + depth(name, 15));
      stack.push('');
    },
    exchange(name) {
      const below = depth(name, 16);
      if (below === 0) return;
      bytes.push(0x8f + below);
      stack[stack.length - 1 - below] = stack.pop() ?? '';
      stack.push(name);
    },
    replace(name) {
      bytes.push(0x8f + depth(name, 16), OPCODES.POP);
      stack.pop();
    },
    run(op, name = '') {
      bytes.push(OPCODES[op]);
      stack.splice(stack.length - POPS[op]);
      if (op !== 'MSTORE' && op !== 'POP' && op !== 'RETURN') stack.push(name);
    },
    rename(name) {
      stack[stack.length - 1] = name;
    },
    hex: () => `0x${Buffer.from(bytes).toString('hex')}`,
  };
}
