import { describe, expect, it } from '@jest/globals';
import { addressOfKey } from '../../../protocol/acts/signature.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { requireReceipt, signReceipt } from '../../../protocol/receipts/receipt.ts';

const key = new Uint8Array(32).fill(7);
const statement = { type: 'urna/v1/receipt/update', chainId: 5, election: `0x${'ab'.repeat(20)}`, round: 1 } as const;

function codeOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof UrnaError ? error.code : error;
  }
}

describe('requireReceipt', () => {
  it('takes what the office has signed', () => {
    expect(() => requireReceipt(signReceipt(statement, key), addressOfKey(key))).not.toThrow();
  });

  it('refuses a changed statement and another office', () => {
    const receipt = signReceipt(statement, key);
    const changed = { ...receipt, statement: { ...statement, round: 2 } };
    expect(codeOf(() => requireReceipt(changed, addressOfKey(key)))).toBe('receipt/signature');
    const other = addressOfKey(new Uint8Array(32).fill(8));
    expect(codeOf(() => requireReceipt(receipt, other))).toBe('receipt/signature');
  });
});
