import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { require } from '../../../protocol/errors.ts';

/** Pages of results may stand in other sites' pages; nobody may put a frame around a page where people vote. */
const EMBEDDABLE = `results${sep}`;
const YEAR = 365 * 86_400;

/**
 * The web client's files below `/`, as they were built: the definition's `webHash` is theirs. What a page may do it says itself (its own
 * Content-Security-Policy); the headers add who may embed it.
 *
 * @throws `file/missing` for a folder without a web client
 */
export async function webRoutes(server: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder);
  require(existsSync(join(root, 'urna-web.json')), 'file/missing', 'webFolder holds no web client: is it built?');
  const policy = policyOf(readFileSync(join(root, 'index.html'), 'utf8'));
  await server.register(files, {
    ...{ root, prefix: '/', wildcard: false, decorateReply: false, cacheControl: false },
    setHeaders(response, path) {
      const name = path.slice(root.length + 1);
      const [isPage, isHashed] = [name.endsWith('.html'), name.startsWith(`assets${sep}`)];
      response.setHeader('cache-control', isHashed ? `public, max-age=${YEAR}, immutable` : 'public, no-cache');
      // A worker has the policy of its own file, not that of the page.
      const framing = `frame-ancestors ${name.startsWith(EMBEDDABLE) ? '*' : "'none'"}`;
      response.setHeader('content-security-policy', isPage ? framing : policy);
    },
  });
}

/** The policy that the pages state. @throws `file/missing` */
function policyOf(page: string): string {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/u.exec(page) ?? [];
  require(policy !== undefined, 'file/missing', 'webFolder holds pages without a policy: is it built?');
  return policy.replaceAll('&#39;', "'");
}
