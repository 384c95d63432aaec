import { require } from '../errors.ts';

// Crockford's base 32: no I, L, O, U, so nothing printed can be mistaken for anything else.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA = 16;
const CHECK = 4;
const LENGTH = DATA + CHECK;

// GF(32) = GF(2)[x]/(x^5 + x^2 + 1), generator 2: EXP[i] = 2^i.
const EXP = Array.from({ length: 30 }).reduce<readonly number[]>(
  (powers) => [...powers, double(powers.at(-1) ?? 0)],
  [1],
);
const LOG = new Map(EXP.map((value, i) => [value, i]));

function double(value: number): number {
  return value & 16 ? (value << 1) ^ 0b100101 : value << 1;
}

function times(a: number, b: number): number {
  const [i, j] = [LOG.get(a), LOG.get(b)];
  return i === undefined || j === undefined ? 0 : (EXP[(i + j) % 31] ?? 0);
}

/** The word as a polynomial, first character leading, at 2^1 … 2^4: all zero for a valid code. */
function syndromes(symbols: readonly number[]): number[] {
  return [1, 2, 3, 4].map((i) => symbols.reduce((sum, symbol) => times(sum, EXP[i] ?? 0) ^ symbol, 0));
}

// (x − 2)(x − 4)(x − 8)(x − 16), leading coefficient 1 left out.
const GENERATOR = [1, 2, 3, 4]
  .reduce((poly, i) => [...poly, 0].map((c, k) => c ^ times(poly[k - 1] ?? 0, EXP[i] ?? 0)), [1])
  .slice(1);

/** The four Reed-Solomon symbols that bring the syndromes of `data ‖ check` to zero. */
function checkSymbols(data: readonly number[]): number[] {
  return data.reduce<number[]>((rest, symbol) => {
    const factor = symbol ^ (rest[0] ?? 0);
    return GENERATOR.map((c, i) => (rest[i + 1] ?? 0) ^ times(factor, c));
  }, Array<number>(CHECK).fill(0));
}

/**
 * The printed form of ten random bytes (SPEC §5.1): 16 characters of data, 4 of checksum, in groups of four.
 * Any one to four wrong characters are noticed, and so is every swap of two.
 *
 * @param entropy - 10 bytes (80 bits) of the platform's CSPRNG @throws `credential/bytes`
 */
export function encodeCode(entropy: Uint8Array): string {
  require(entropy.length === (DATA * 5) / 8, 'credential/bytes', 'a credential code holds exactly 10 bytes');
  let bits = entropy.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  const data = Array<number>(DATA).fill(0);
  for (let i = DATA - 1; i >= 0; i--, bits >>= 5n) data[i] = Number(bits & 31n);
  const text = [...data, ...checkSymbols(data)].map((symbol) => ALPHABET[symbol]).join('');
  return text.replace(/.{4}(?=.)/g, '$&-');
}

/**
 * The ten bytes of a printed code. Letter case, spaces and dashes do not matter; O reads as 0, I and L as 1.
 *
 * @throws `credential/character`, `credential/length`, `credential/checksum`; messages name positions, never characters
 */
export function decodeCode(text: string): Uint8Array {
  const symbols = readSymbols(text);
  require(symbols.length ===
    LENGTH, 'credential/length', `a code has ${LENGTH} characters, this one ${symbols.length}`);
  const syndrome = syndromes(symbols);
  const group = likelyGroup(syndrome);
  const place = group === undefined ? '' : `, probably in group ${group}`;
  require(syndrome.every((s) => s === 0), 'credential/checksum', `the code has a typing error${place}`);
  const bits = symbols.slice(0, DATA).reduce((all, symbol) => (all << 5n) | BigInt(symbol), 0n);
  return Uint8Array.from({ length: 10 }, (_, i) => Number((bits >> BigInt(72 - 8 * i)) & 255n));
}

/** Which group of four, from 1, a code's typing error is probably in; undefined where that cannot be told. */
export function suspectGroup(text: string): number | undefined {
  try {
    const symbols = readSymbols(text);
    return symbols.length === LENGTH ? likelyGroup(syndromes(symbols)) : undefined;
  } catch {
    return undefined; // a character that no code has: its error says more
  }
}

function readSymbols(text: string): number[] {
  require(text.length <= 200, 'credential/length', `a code has ${LENGTH} characters`);
  const clean = text
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return [...clean].map((character, i) => {
    const symbol = ALPHABET.indexOf(character);
    require(symbol >= 0, 'credential/character', `character ${i + 1} cannot occur in a code`);
    return symbol;
  });
}

/** Where a single wrong character would explain the syndromes: they are then v·x, v·x², v·x³, v·x⁴ with x = 2^place. */
function likelyGroup(syndrome: readonly number[]): number | undefined {
  const logs = syndrome.map((s) => LOG.get(s));
  const steps = [1, 2, 3].map((i) => ((logs[i] ?? NaN) - (logs[i - 1] ?? NaN) + 31) % 31);
  const place = LENGTH - 1 - (steps[0] ?? NaN);
  if (!(place >= 0) || steps.some((step) => step !== steps[0])) return undefined;
  return Math.floor(place / 4) + 1;
}
