import { describe, expect, it } from '@jest/globals';
import { addressOfKey } from '../../../protocol/acts/signature.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { signReceipt } from '../../../protocol/receipts/receipt.ts';
import { readUpdateReceipt, updateStatement } from '../../../protocol/receipts/update-receipt.ts';

const key = new Uint8Array(32).fill(9);
const promise = {
  context: { chainId: 31337, election: `0x${'ab'.repeat(20)}` as const },
  ...{ poll: 2, box: addressOfKey(key), tracker: '0123456789abcdef'.repeat(2), head: 77n, round: 1, by: 1_900_000_000 },
};
const receipt = signReceipt(updateStatement(promise), key);

function codeOf(value: unknown): string {
  try {
    readUpdateReceipt(value as Json);
    return 'none';
  } catch (error) {
    return error instanceof UrnaError ? error.code : String(error);
  }
}

describe('readUpdateReceipt', () => {
  it('reads what the box has signed', () => {
    expect(readUpdateReceipt(JSON.parse(JSON.stringify(receipt)) as Json)).toEqual(promise);
  });

  it('refuses a receipt with any member changed', () => {
    const changes = { poll: 3, tracker: 'f'.repeat(32), head: `0x${'0'.repeat(64)}`, round: 2, by: 5, chainId: 1 };
    for (const [name, value] of Object.entries(changes)) {
      expect(codeOf({ ...receipt, statement: { ...receipt.statement, [name]: value } })).toBe('receipt/signature');
    }
    expect(codeOf({ ...receipt, statement: { ...receipt.statement, box: `0x${'12'.repeat(20)}` } })).toBe(
      'receipt/signature',
    );
  });

  it('refuses other shapes', () => {
    const { statement } = receipt;
    expect(codeOf({ ...receipt, more: 1 })).toBe('receipt/shape');
    expect(codeOf({ ...receipt, statement: { ...statement, more: 1 } })).toBe('receipt/shape');
    expect(codeOf({ ...receipt, statement: { ...statement, type: 'urna/v1/receipt/registration' } })).toBe(
      'receipt/shape',
    );
    expect(codeOf({ ...receipt, statement: { ...statement, tracker: 'F'.repeat(32) } })).toBe('receipt/shape');
    expect(codeOf({ ...receipt, statement: { ...statement, round: -1 } })).toBe('receipt/shape');
    expect(codeOf(null)).toBe('receipt/shape');
  });
});
