import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import type { Abi, AbiParameter } from 'viem';
import { compiled } from '../../compile.ts';

/** Contracts with a typed client, and those that only their errors make known, by the name of their ABI. */
export const contracts = {
  election: 'Election',
  roll: 'Roll',
  ceremony: 'KeyCeremony',
  ballots: 'Ballots',
  tally: 'Tally',
  ceremonyMath: 'CeremonyMath',
  tallyMath: 'TallyMath',
} as const;

function parameter(input: AbiParameter & { readonly indexed?: boolean }): string {
  const type =
    'components' in input
      ? `(${input.components.map(parameter).join(', ')})${input.type.slice('tuple'.length)}`
      : input.type;
  const indexed = input.indexed === true ? ' indexed' : '';
  return `${type}${indexed}${input.name === undefined || input.name === '' ? '' : ` ${input.name}`}`;
}

function signature(item: Abi[number]): string {
  const inputs = 'inputs' in item ? (item.inputs as readonly AbiParameter[]).map(parameter).join(', ') : '';
  if (item.type === 'constructor') return `constructor(${inputs})`;
  if (item.type === 'error' || item.type === 'event') return `${item.type} ${item.name}(${inputs})`;
  if (item.type !== 'function') throw new Error(`an ABI item of type ${item.type} has no place here`);
  const mutability = item.stateMutability === 'nonpayable' ? '' : ` ${item.stateMutability}`;
  const outputs = item.outputs.length === 0 ? '' : ` returns (${item.outputs.map(parameter).join(', ')})`;
  return `function ${item.name}(${inputs}) external${mutability}${outputs}`;
}

/** The file of an ABI in this folder. */
export function abiFile(file: keyof typeof contracts): string {
  return join(import.meta.dirname, `${file.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`);
}

/** Text of an ABI's file: the compiled contract's ABI in Solidity's words, so that viem types every call. */
export async function abiSource(file: keyof typeof contracts): Promise<string> {
  const name = contracts[file];
  const lines = [...new Set(compiled(name).abi.map(signature))].sort();
  const text = [
    `import { parseAbi } from 'viem';`,
    '',
    `/** ABI of ${name}.sol. Made by \`npx tsx contracts/client/abi/generate.ts\`; a test compares it with the compiler's. */`,
    `export const ${file}Abi = parseAbi(${JSON.stringify(lines)});`,
  ].join('\n');
  const options = JSON.parse(readFileSync(join(import.meta.dirname, '../../../.prettierrc.json'), 'utf8')) as object;
  return format(text, { ...options, plugins: [], overrides: [], filepath: abiFile(file) });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2);
  for (const file of Object.keys(contracts) as (keyof typeof contracts)[]) {
    if (files.length > 0 && !files.includes(file)) continue;
    writeFileSync(abiFile(file), await abiSource(file));
  }
}
