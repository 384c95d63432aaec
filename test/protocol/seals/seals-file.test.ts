import { describe, expect, it } from '@jest/globals';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';

const of = (headers: number, nodes: number): Uint8Array => {
  const [header, node] = [Uint8Array.of(1), new Uint8Array()];
  return encodeSeals({ headers: Array(headers).fill(header), nodes: Array(nodes).fill(node) });
};
const refusal = expect.objectContaining({ code: 'record/shape' });

describe('decodeSeals', () => {
  it('takes 64 headers and 2^20 nodes', () => {
    const { headers, nodes } = decodeSeals(of(64, 2 ** 20));
    expect([headers.length, nodes.length]).toEqual([64, 2 ** 20]);
  });

  it.each([
    [65, 0],
    [0, 2 ** 20 + 1],
    [0, 2 ** 20 + 1000],
  ])('refuses %d headers with %d nodes', (headers, nodes) => {
    expect(() => decodeSeals(of(headers, nodes))).toThrow(refusal);
  });
});
