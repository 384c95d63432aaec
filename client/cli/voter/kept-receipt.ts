import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { require } from '../../../protocol/errors.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { readText, writeFile } from '../../../protocol/node/files.ts';
import { readUpdateReceipt } from '../../../protocol/receipts/update-receipt.ts';
import type { UpdatePromise } from '../../../protocol/receipts/update-receipt.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import type { ServerUrl } from '../../http/server-url.ts';

const TYPE = 'urna/v1/kept-receipt';
const CODE = 'receipt/shape';

/** A box's receipt, and where to ask what became of it. */
export interface KeptReceipt {
  readonly server: ServerUrl;
  readonly promise: UpdatePromise;
}

/** Writes a receipt as the box gave it. */
export async function keepReceipt(path: string, server: ServerUrl, receipt: Json): Promise<void> {
  await writeFile(path, `${canonicalJson({ type: TYPE, server, receipt })}\n`);
}

/** Inverse of {@link keepReceipt}. @throws `receipt/*`, `server/url`, `file/*`, `json/*` */
export async function openReceipt(path: string): Promise<KeptReceipt> {
  const file = readMembers(
    parseCanonical((await readText(path, 2 ** 16)).trimEnd()),
    ['receipt', 'server', 'type'],
    CODE,
  );
  require(file.type === TYPE && typeof file.server === 'string', CODE, `${path} is not the receipt of a ballot box`);
  return { server: parseServerUrl(file.server), promise: readUpdateReceipt(file.receipt) };
}
