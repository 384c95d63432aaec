import { SlotTable } from '../../../protocol/checks/replay/slot-table.ts';
import { openRecord, verifyRecord } from '../../../protocol/checks/verify-record.ts';
import type { EquationVerifier } from '../../../protocol/credentials/ed25519.ts';
import { signaturesHere } from '../../../protocol/credentials/signature-batch.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { publishedBuild } from '../../protocol/checks/world/deploy.ts';

/** What this process measured of a city's record. */
export interface CityMeasure {
  readonly registrations: number;
  readonly slots: number;
  /** CPU seconds of everything but the equations of signatures, and of one of these. */
  readonly seconds: number;
  readonly secondsASignature: number;
  readonly peakBytes: number;
}

/** Checks that the bench's record passes. Its updates are nobody's, with sums of nothing. */
const HOLDING = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11];
/** The last byte of the district in what a registration signs (SPEC §5.4): tag, three words, district. */
const DISTRICT = 5 * 32 - 1;

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

async function measure(folder: string, slots: number, signedDistrict: number): Promise<CityMeasure> {
  const table = new SlotTable();
  for (let i = 0n; i < slots; i++) table.set((i * 0x9e3779b97f4a7c15n) << 128n, i + 1n);
  let [signatures, signing] = [0, 0];
  // Only one district has true signatures: OpenSSL is asked about these, and the others count as valid without being verified.
  const signatureEquation: EquationVerifier = (key, message, signature) => {
    if (message[DISTRICT] !== signedDistrict) return true;
    const start = process.cpuUsage();
    const holds = equationByOpenssl(key, message, signature);
    signing += cpuSeconds(start);
    signatures += 1;
    return holds;
  };
  const start = process.cpuUsage();
  const files = folderFiles(folder);
  const verifySignatures = signaturesHere(signatureEquation);
  const { checks } = await verifyRecord(files, await openRecord(files), publishedBuild(), { verifySignatures });
  const all = cpuSeconds(start);
  const wrong = checks.filter(({ number, ok }) => HOLDING.includes(number) && !ok);
  if (wrong.length > 0) throw new Error(wrong.map(({ number, detail }) => `check ${number}: ${detail}`).join('\n'));
  return {
    registrations: checks.find(({ number }) => number === 6)?.items ?? 0,
    slots: table.size,
    seconds: all - signing,
    secondsASignature: signing / signatures,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

const [folder = '', slots = '', signedDistrict = ''] = process.argv.slice(2);
process.send?.(await measure(folder, Number(slots), Number(signedDistrict)), () => process.exit(0));
