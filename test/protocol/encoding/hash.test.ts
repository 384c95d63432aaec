import { describe, expect, it } from '@jest/globals';
import { encodeAbiParameters, keccak256 as viemKeccak, sha256 as viemSha256, stringToHex } from 'viem';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { domainTag, hashWords, keccak256, sha256 } from '../../../protocol/hash.ts';

describe('hashes', () => {
  it('are those of Ethereum and FIPS 180-4', () => {
    const empty = new Uint8Array();
    expect(encodeHex(keccak256(empty))).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(encodeHex(sha256(empty))).toBe('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(encodeHex(sha256(Uint8Array.of(1, 2)))).toBe(viemSha256('0x0102'));
  });
});

describe('hashWords', () => {
  it('equals keccak256(abi.encode(TAG, …)) of Solidity', () => {
    const tag = viemKeccak(stringToHex('urna/v1/head'));
    expect(encodeHex(domainTag('head'))).toBe(tag);
    const types = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint248' }] as const;
    const address = '0x00000000000000000000000000000000000000ff';
    expect(wordHex(hashWords('head', [255n, 7n]))).toBe(viemKeccak(encodeAbiParameters(types, [tag, address, 7n])));
  });

  it('separates purposes, counts and orders of words', () => {
    const hashes = [
      hashWords('scope', [1n, 2n]),
      hashWords('context', [1n, 2n]),
      hashWords('scope', [2n, 1n]),
      hashWords('scope', [1n]),
      hashWords('scope', [1n, 2n, 0n]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('refuses a word that does not fit', () => {
    expect(() => hashWords('scope', [2n ** 256n])).toThrow(expect.objectContaining({ code: 'encoding/word' }));
  });
});
