import { compileCircuit } from '../../../circuits/compile.ts';
import { constraintSystemSize } from '../../../ceremony/phase2.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';

/** Targets of DESIGN §5. */
const LIMITS = { 'ballot-2': 8100, 'ballot-8': 11_400, 'ballot-16': 15_900 };
/** Constraints of the nearest peer (DESIGN §5), whose circuit has no membership proof. */
const PEER = 68_721;

/** Constraints of each circuit, compiled here, public signals not counted. */
export async function rows(): Promise<Row[]> {
  const measured: Row[] = [];
  for (const [circuit, limit] of Object.entries(LIMITS)) {
    const { r1cs } = compileCircuit(`circuits/main/${circuit}.circom`, `.cache/bench/${circuit}`);
    const { constraints, publicSignals } = await constraintSystemSize(r1cs);
    measured.push(rowAtMost(`constraints/${circuit}`, constraints, 'constraints', limit, PEER));
    const domain = 2 ** (circuit === 'ballot-2' ? 13 : 14);
    measured.push(rowAtMost(`domain/${circuit}`, constraints + publicSignals + 1, 'rows', domain));
  }
  return measured;
}
