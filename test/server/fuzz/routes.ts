import { expect } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import type { Described } from './described.ts';

/** A service of DESIGN §1. */
type Service = 'eligibility' | 'ballot-box' | 'public';

const ALL = ['eligibility', 'ballot-box', 'public'] as const;

/** Every route: where it is, which services have it. Those of DESIGN §4 first, under its names; then what SPEC §17 adds. */
const ROUTES: readonly (readonly [method: 'get' | 'post', path: string, services: readonly Service[]])[] = [
  ['post', 'registrations', ['eligibility']],
  ['post', 'challenges', ['eligibility']],
  ['post', 'updates', ['ballot-box']],
  ['get', 'registrations/{credentialKey}', ['eligibility']],
  ['get', 'updates/{tracker}', ['ballot-box']],
  ['get', 'election', ['public']],
  ['get', 'registrations.jsonl', ['eligibility', 'public']],
  ['get', 'turnout', ['public']],
  ['get', 'results.json', ['public']],
  ['get', 'results.csv', ['public']],
  ['get', 'record/{segment}', ['public']],
  ['get', 'tiles/{district}/{level}/{index}', ['eligibility', 'public']],
  // A group where DESIGN says a prefix (SPEC §17.3).
  ['get', 'slots/{poll}/{group}', ['public']],
  ['get', 'events', ['public']],
  ['get', 'healthz', ALL],
  ['get', 'metrics', ALL],
  ['get', 'openapi.json', ALL],
  // SPEC §17.1
  ['get', 'challenges/{id}', ['eligibility']],
  ['get', 'reasons.json', ['eligibility']],
  // SPEC §17.3
  ['get', 'results.nist.json', ['public']],
  ['get', 'foundation.jsonl', ['public']],
  ['get', 'tiles/{district}/bounds', ['public']],
  ['get', 'artifacts/{sha256}', ['public']],
  ['get', 'record/record.json', ['public']],
  ['get', 'record/files/{name}', ['public']],
  ['get', 'record/files/seals.json', ['public']],
  ['get', 'record/files/credentials/{name}', ['public']],
  ['get', 'record/files/circuits/{circuit}/{name}', ['public']],
];
/** Of DESIGN §4, too, where there is a second factor. */
const CALLBACK = 'get /v1/oidc/callback';

/** The OpenAPI document of a service that listens. */
export async function describedAt(address: string): Promise<Described> {
  return (await (await fetch(`${address}/v1/openapi.json`)).json()) as Described;
}

/** That a service has the routes it must have and no others, and says so, in valid OpenAPI. @param hasLogins - whether with a second factor */
export async function expectDescribed(
  name: Service,
  document: Described,
  server: FastifyInstance,
  hasLogins = false,
): Promise<void> {
  expect(await new Validator().validate({ ...document } as Record<string, unknown>)).toMatchObject({ valid: true });
  const wanted = ROUTES.filter(([, , services]) => services.includes(name)).map(
    ([method, path]) => `${method} /v1/${path}`,
  );
  if (hasLogins) wanted.push(CALLBACK);
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(wanted.sort());
  expect(served(server)).toEqual(wanted.sort());
}

/** Methods and paths that fastify answers below `/v1`, described or not; HEAD comes with every GET. It prints them as a tree, four columns a level. */
function served(server: FastifyInstance): string[] {
  const above: string[] = [];
  const found: string[] = [];
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', piece = '', methods = ''] = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/u.exec(line) ?? [];
    const path = `${above[indent.length / 4 - 1] ?? ''}${piece}`;
    above[indent.length / 4] = path;
    for (const method of methods.split(', ').filter((each) => each !== '' && each !== 'HEAD'))
      found.push(`${method.toLowerCase()} ${path.replace(/:(\w+)/gu, '{$1}')}`);
  }
  return found.filter((route) => route.includes(' /v1/')).sort();
}
