import { prove } from '../../../protocol/math/groth16.ts';
import { proveWitness } from '../../../protocol/math/prover.ts';
import { loadProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import type { CircuitInputs } from '../../../protocol/math/witness-calculator.ts';
import { calculateWitness } from '../../../protocol/math/witness-calculator.ts';

/** A circuit that the page proves: where its files are, their SHA-256 in hex, and inputs as the page can be sent them. */
export interface BrowserTask {
  readonly name: string;
  readonly hashes: Readonly<Record<'wasm' | 'zkey', string>>;
  /** JSON with big integers as decimal strings. */
  readonly inputs: string;
}

async function fetchChecked(path: string, hash: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== hash) throw new Error(`${path} is not the file that was meant`);
  return bytes;
}

function parseInputs(text: string): CircuitInputs {
  const numbers = (value: unknown): unknown => (Array.isArray(value) ? value.map(numbers) : BigInt(value as string));
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, numbers(value)])) as CircuitInputs;
}

/**
 * Milliseconds of proofs, witness included, the circuits in turns, a first round for warming up left out.
 *
 * @param tasks - proved by this project's prover, except `semaphore`, which snarkjs proves as its library does
 */
async function timeProofs(tasks: readonly BrowserTask[], samples: number): Promise<Record<string, number[]>> {
  const circuits = await Promise.all(
    tasks.map(async ({ name, hashes, inputs }) => ({
      name,
      wasm: await fetchChecked(`/${name}.wasm`, hashes.wasm),
      zkey: await fetchChecked(`/${name}.zkey`, hashes.zkey),
      inputs: parseInputs(inputs),
    })),
  );
  const engine = await loadProvingEngine();
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const times: Record<string, number[]> = Object.fromEntries(tasks.map(({ name }) => [name, []]));
  for (let sample = 0; sample <= samples; sample++) {
    for (const { name, wasm, zkey, inputs } of circuits) {
      const start = performance.now();
      if (name === 'semaphore') await prove(wasm, zkey, inputs);
      else await proveWitness(engine, readProvingKey(zkey), await calculateWitness(wasm, inputs), random);
      if (sample > 0) times[name]?.push(performance.now() - start);
    }
  }
  return times;
}

Object.assign(globalThis, { timeProofs });
