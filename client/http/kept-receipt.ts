import { canonicalJson, parseCanonical } from '../../protocol/canonical-json.ts';
import type { Json } from '../../protocol/canonical-json.ts';
import { require } from '../../protocol/errors.ts';
import { readMembers } from '../../protocol/json-members.ts';
import { readUpdateReceipt } from '../../protocol/receipts/update-receipt.ts';
import type { UpdatePromise } from '../../protocol/receipts/update-receipt.ts';
import { parseServerUrl } from './server-url.ts';
import type { ServerUrl } from './server-url.ts';

const TYPE = 'urna/v1/kept-receipt';
const CODE = 'receipt/shape';

/** A box's receipt, and where to ask what became of it. */
export interface KeptReceipt {
  readonly server: ServerUrl;
  readonly promise: UpdatePromise;
}

/** Canonical text of a receipt as the box gave it. */
export function encodeKeptReceipt(server: ServerUrl, receipt: Json): string {
  return `${canonicalJson({ type: TYPE, server, receipt })}\n`;
}

/** Inverse of {@link encodeKeptReceipt}. @throws `receipt/*`, `server/url`, `json/*` */
export function decodeKeptReceipt(text: string): KeptReceipt {
  const file = readMembers(parseCanonical(text.trimEnd()), ['receipt', 'server', 'type'], CODE);
  const { type, server, receipt } = file;
  require(type === TYPE && typeof server === 'string', CODE, `not the receipt of a ballot box, of type ${TYPE}`);
  return { server: parseServerUrl(server), promise: readUpdateReceipt(receipt) };
}
