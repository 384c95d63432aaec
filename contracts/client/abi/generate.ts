import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import type { Abi, AbiParameter } from 'viem';
import { compiled } from '../../compile.ts';

/** Contracts with a typed client, by the file that holds their ABI. */
export const contracts = {
  election: 'Election',
  roll: 'Roll',
  ceremony: 'KeyCeremony',
  ballots: 'Ballots',
  tally: 'Tally',
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

/** Text of `abi/<file>.ts`: the compiled contract's ABI in Solidity's words, so that viem types every call. */
export async function abiSource(file: keyof typeof contracts, path: string): Promise<string> {
  const name = contracts[file];
  const lines = [...new Set(compiled(name).abi.map(signature))].sort();
  const text = [
    `import { parseAbi } from 'viem';`,
    '',
    `/** ABI of ${name}.sol. Made by \`npx tsx contracts/client/abi/generate.ts\`; a test compares it with the compiler's. */`,
    `export const ${file}Abi = parseAbi(${JSON.stringify(lines)});`,
  ].join('\n');
  const options = JSON.parse(readFileSync(join(import.meta.dirname, '../../../.prettierrc.json'), 'utf8')) as object;
  return format(text, { ...options, plugins: [], overrides: [], filepath: path });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2);
  for (const file of Object.keys(contracts) as (keyof typeof contracts)[]) {
    if (files.length > 0 && !files.includes(file)) continue;
    const path = join(import.meta.dirname, `${file}.ts`);
    writeFileSync(path, await abiSource(file, path));
  }
}
