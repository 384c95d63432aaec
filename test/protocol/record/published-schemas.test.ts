import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalBytes, parseJson } from '../../../protocol/canonical-json.ts';
import { readManifest } from '../../../protocol/checks/manifest.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeReasons, encodeReasons } from '../../../protocol/roll/reasons.ts';
import { decodeSeals } from '../../../protocol/seals/seals-file.ts';
import { readSealedElection } from '../../tampered/sealed/vector.ts';

const schemaOf = (name: string): ((value: unknown) => boolean) =>
  new Ajv2020({ strict: true, strictRequired: true, strictTuples: true }).compile(
    JSON.parse(readFileSync(`protocol/schemas/${name}.schema.json`, 'utf8')) as object,
  );

type Members = Readonly<Record<string, Json>>;
const word = `0x${'1f'.repeat(32)}` as const;
const ODD: readonly Json[] = [null, true, '', '0x', 0, -1, 1.5, 2, '1', [], {}, [['0x0']], [{}], [null], word];

/** `value` with each of its members left out or replaced, and one added; things that are no object. */
function variantsOf(value: Members): Json[] {
  const names = Object.keys(value);
  const replaced = names.flatMap((name) => ODD.map((item) => ({ ...value, [name]: item })));
  const without = names.map((name) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
  return [value, ...replaced, ...without, { ...value, extra: 1 }, null, [], 'x'];
}

function accepts(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof UrnaError) return false;
    throw error;
  }
}

/** The schema takes exactly what the decoder takes. */
function expectSame(name: string, values: readonly Json[], decode: (value: Json) => unknown): void {
  const validate = schemaOf(name);
  for (const value of values) expect([value, validate(value)]).toEqual([value, accepts(() => decode(value))]);
  expect(values.filter(validate).length).toBeGreaterThan(0);
}

describe('seals.schema.json', () => {
  it('agrees with the decoder about the seals of a real network, and about others', () => {
    const { seals } = readSealedElection().evidence;
    const value = parseJson(seals ?? new Uint8Array()) as Members;
    const many = [
      { ...value, headers: Array(64).fill('0x') },
      { ...value, headers: Array(65).fill('0x') },
    ];
    expectSame('seals', [...variantsOf(value), ...many], (each) => decodeSeals(canonicalBytes(each)));
  });
});

describe('build.schema.json', () => {
  it('takes the published builds, the committed ones and those of an election on a real network, and no others', () => {
    const validate = schemaOf('build');
    const codes = Object.entries(publishedBuilds()).map(([name, { codeBytes, codeHash }]) => {
      return [name, { codeBytes, codeHash }] as const;
    });
    const build: Members = Object.fromEntries(codes);
    expect([build, readSealedElection().evidence.build].map(validate)).toEqual([true, true]);
    expect(variantsOf(build).filter(validate)).toEqual([build]);
    for (const code of variantsOf(build['tally'] as Members)) {
      const { codeBytes, codeHash, ...rest } = (code ?? {}) as Members;
      const right = Number.isInteger(codeBytes) && Number(codeBytes) >= 0 && /^0x[0-9a-f]{64}$/u.test(String(codeHash));
      const expected = right && typeof codeBytes === 'number' && Object.keys(rest).length === 0;
      expect([code, validate({ ...build, tally: code })]).toEqual([code, expected]);
    }
  });
});

describe('roll-reasons.schema.json', () => {
  it('agrees with the decoder', () => {
    const changes = [{ district: 1, credentialKey: word, reason: 'revoked' }] as const;
    const value = parseJson(encodeReasons({ version: 2, changes })) as Members;
    const change = (value['changes'] as Members[])[0] ?? {};
    const values = [...variantsOf(value), ...variantsOf(change).map((each) => ({ ...value, changes: [each] }))];
    expectSame('roll-reasons', values, (each) => decodeReasons(canonicalBytes(each)));
  });
});

describe.each(['ballot-2', 'ballot-8', 'ballot-16'])('the published files of %s', (circuit) => {
  const read = (name: string): Members =>
    parseJson(readFileSync(`circuits/artifacts/${circuit}/${name}`, 'utf8')) as Members;

  it('have a manifest of which circuit-manifest.schema.json says what check 3 says', () => {
    const manifest = read('manifest.json');
    const [first = {}] = manifest['contributions'] as Members[];
    const values = [
      ...variantsOf(manifest),
      ...variantsOf(first).map((each) => ({ ...manifest, contributions: [each] })),
      ...variantsOf(manifest['files'] as Members).map((files) => ({ ...manifest, files })),
    ];
    // What other files the circuit has is for people.
    expectSame('circuit-manifest', values, (each) => readManifest(canonicalBytes(each)));
  });

  it('have a key of which verifying-key.schema.json says what check 3 says, but for groups', () => {
    const key = read('vkey.json');
    const [alpha, beta] = [key['vk_alpha_1'] as Json[], key['vk_beta_2'] as Json[]];
    const points = [...[alpha.slice(0, 2), [...alpha, '1'], [alpha[0], '01', '1'], [alpha[0], alpha[1], '0']]].map(
      (point) => ({ ...key, vk_alpha_1: point as Json }),
    );
    const pairs = [beta.slice(0, 2), [...beta, ['1', '0']], [beta[0], beta[1], ['0', '1']], [beta[0], alpha, beta[2]]];
    const values = [...variantsOf(key), ...points, ...pairs.map((point) => ({ ...key, vk_beta_2: point as Json }))];
    const others = ['nPublic']; // what the schema cannot say: as many as points, less one
    const named = values.filter((value) => others.every((name) => Object(value)[name] === key[name]));
    expectSame('verifying-key', named, (each) => decodeVerifyingKey(each));
  });
});
