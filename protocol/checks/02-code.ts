import { addressWord } from '../acts/signature.ts';
import { abiArray, abiWord, encodeAbi } from '../config/abi.ts';
import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, encodeHex } from '../encoding.ts';
import { keccak256 } from '../hash.ts';
import type { EntryData, EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import type { ContractName } from './replay/evidence.ts';
import type { Replay } from './replay/replay.ts';

type Deployment = EntryData<'deployment'>;

/** Deployments by name, in the record's order. */
type Deployed = Map<ContractName, { readonly seq: number; readonly data: Deployment }[]>;

/** Check 2: contracts were created from the published code, at their true addresses, and name each other (SPEC §14.1, §15). */
export const codeCheck: Check = {
  number: 2,
  begin(replay, findings) {
    const deployed: Deployed = new Map();
    let defined: EntryOf<'defined'> | undefined;
    return {
      take(entry) {
        if (entry.kind === 'deployment') {
          findings.count();
          takeDeployment(replay, entry, findings);
          const known = deployed.get(entry.data.name) ?? [];
          deployed.set(entry.data.name, [...known, { seq: entry.seq, data: entry.data }]);
        }
        if (entry.kind === 'defined') defined ??= entry;
      },
      end() {
        if (defined === undefined) return findings.fail(undefined, 'the record names no contracts');
        compareContracts(deployed, defined, findings);
      },
    };
  },
};

function takeDeployment({ evidence }: Replay, { seq, data }: EntryOf<'deployment'>, findings: Findings): void {
  const published = evidence.build[data.name];
  if (data.codeHash !== published.codeHash || data.codeBytes !== published.codeBytes) {
    findings.fail(seq, `the code of ${data.name} is not the published one`);
  }
  if (createdAddress(data.creator, data.nonce) !== data.address) {
    findings.fail(seq, `the address of ${data.name} does not follow from its creator and nonce`);
  }
}

/** Address of the contract that an account creates with its `nonce`-th transaction: keccak256(rlp([creator, nonce])), 20 bytes. */
export function createdAddress(creator: Hex, nonce: number): Hex {
  const address = decodeHex(creator, 20);
  const digits = nonce === 0 ? '' : nonce.toString(16);
  const bytes = decodeHex(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
  const isByte = nonce > 0 && nonce < 0x80;
  const item = isByte ? bytes : concatBytes(Uint8Array.of(0x80 + bytes.length), bytes);
  const list = concatBytes(Uint8Array.of(0x80 + 20), address, item);
  return encodeHex(keccak256(concatBytes(Uint8Array.of(0xc0 + list.length), list)).subarray(12));
}

/** The contracts that the election names are those deployed, each created for this election. */
function compareContracts(deployed: Deployed, { seq, data }: EntryOf<'defined'>, findings: Findings): void {
  const hasher = deployed.get('poseidon')?.[0]?.data.address;
  const election = abiWord(addressWord(data.election));
  const keys = abiArray(data.circuitKeys.map((key) => abiWord(addressWord(key))));
  const expected: readonly (readonly [ContractName, Hex, Hex | undefined])[] = [
    ['election', data.election, undefined], // its arguments are check 1's
    [
      'roll',
      data.roll,
      hasher === undefined ? undefined : encodeHex(encodeAbi(election, abiWord(addressWord(hasher)))),
    ],
    ['ceremony', data.ceremony, encodeHex(encodeAbi(election))],
    ['ballots', data.ballots, encodeHex(encodeAbi(election, keys))],
    ['tally', data.tally, encodeHex(encodeAbi(election))],
  ];
  for (const [name, address, args] of expected) {
    const list = deployed.get(name) ?? [];
    const [first] = list;
    if (first === undefined || list.length > 1) {
      findings.fail(first?.seq ?? seq, `the record has ${list.length} deployments of ${name} instead of one`);
    } else if (first.data.address !== address) {
      findings.fail(first.seq, `the election names another contract as its ${name}`);
    } else if (args !== undefined && first.data.arguments !== args) {
      findings.fail(first.seq, `${name} was not created for this election`);
    }
  }
  const [poseidon, ...others] = deployed.get('poseidon') ?? [];
  if (poseidon === undefined || others.length > 0) {
    findings.fail(seq, 'the record does not have one deployment of poseidon');
  } else if (poseidon.data.arguments !== '0x') {
    findings.fail(poseidon.seq, 'poseidon takes no arguments');
  }
  const made = (deployed.get('circuit-key') ?? []).map(({ data: { address } }) => address);
  if ([...made].sort().join() !== [...data.circuitKeys].sort().join()) {
    findings.fail(seq, 'the circuit keys that ballots are checked with are not those deployed');
  }
}
