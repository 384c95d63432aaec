import { describe, expect, it } from '@jest/globals';
import { addressOfKey } from '../../../protocol/acts/signature.ts';
import { requireReceipt, signReceipt } from '../../../protocol/receipts/receipt.ts';

const key = new Uint8Array(32).fill(7);
const statement = { type: 'urna/v1/receipt/update', chainId: 5, election: `0x${'ab'.repeat(20)}`, round: 1 } as const;

describe('requireReceipt', () => {
  it('takes what the office has signed', () => {
    expect(() => requireReceipt(signReceipt(statement, key), addressOfKey(key))).not.toThrow();
  });

  it('refuses a changed statement and another office', () => {
    const receipt = signReceipt(statement, key);
    const changed = { ...receipt, statement: { ...statement, round: 2 } };
    expect(() => requireReceipt(changed, addressOfKey(key))).toThrow(
      expect.objectContaining({ code: 'receipt/signature' }) as Error,
    );
    const other = addressOfKey(new Uint8Array(32).fill(8));
    expect(() => requireReceipt(receipt, other)).toThrow(
      expect.objectContaining({ code: 'receipt/signature' }) as Error,
    );
  });
});
