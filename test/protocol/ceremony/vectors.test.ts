import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ceremonyVector, chaumPedersenVector, schnorrVector, tallyVector } from './vectors.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(`test/vectors/${name}.json`, 'utf8'));

describe('published vectors', () => {
  it.each([
    ['schnorr', schnorrVector],
    ['chaum-pedersen', chaumPedersenVector],
    ['ceremony', ceremonyVector],
    ['tally', tallyVector],
  ])('%s is what this implementation makes', async (name, make) => {
    expect(JSON.parse(JSON.stringify(await make()))).toEqual(read(name));
  });
});
