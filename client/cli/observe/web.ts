import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { WEB_MANIFEST, decodeWebManifest, webHash } from '../../../protocol/definition/web-hash.ts';
import { getBytes } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { loadDefinition } from '../election/definition-file.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';

/** No file of a web client has more bytes. */
const MAX_FILE = 2 ** 23;

/**
 * `urna observe web URL`: whether what a host serves is the web client that the definition names (`webHash`, SPEC §3.3): every file that it lists,
 * and each page under the address of its folder, too. What the host serves to others, or a moment later, nobody can see from here.
 * Exit 1 if something differs.
 *
 * @throws `server/*`, `web/manifest`
 */
export async function observeWeb(call: Invocation): Promise<Outcome> {
  const server = parseServerUrl(call.args[0] ?? '');
  const { definition } = await loadDefinition(call);
  const manifest = await getBytes(server, `/${WEB_MANIFEST}`, { maxBytes: MAX_FILE });
  const served = webHash(manifest);
  const files = decodeWebManifest(manifest);
  const wrong: string[] = [];
  call.progress.start('comparing files', files.size);
  try {
    let compared = 0;
    for (const [name, hash] of files) {
      for (const path of addressesOf(name)) if (!(await isServed(server, path, hash))) wrong.push(path);
      call.progress.update((compared += 1));
    }
  } finally {
    call.progress.stop();
  }
  const data = { webHash: served, files: files.size, wrong };
  if (served !== definition.webHash) {
    const text = `The web client at ${server} is NOT the one that the definition names: its hash is ${served}, and not ${definition.webHash}.`;
    return { data, text, exit: 1, code: 'check/web' };
  }
  if (wrong.length > 0) {
    const text = `${server} serves other files than the web client that the definition names: ${wrong.join(', ')}`;
    return { data, text, exit: 1, code: 'check/web' };
  }
  return {
    data,
    text: `${server} serves the web client that the definition names: ${files.size} files, hash ${served}.`,
  };
}

/** Where a browser finds a file: a page also under its folder. */
function addressesOf(name: string): string[] {
  return name.endsWith('index.html') ? [name, name.slice(0, -'index.html'.length)] : [name];
}

async function isServed(server: ServerUrl, path: string, hash: string): Promise<boolean> {
  try {
    return encodeHex(sha256(await getBytes(server, `/${path}`, { maxBytes: MAX_FILE }))) === hash;
  } catch (error) {
    // A file that is not there is a difference; a host that does not answer is not known to differ.
    if (error instanceof UrnaError && error.code !== 'server/unreachable') return false;
    throw error;
  }
}
