import type { JSONSchemaType } from 'ajv';
import type { ElectionSettings } from '../frame/election.ts';
import { electionProperties } from '../frame/election.ts';

/** Settings of the public service. */
export interface PublicSettings extends ElectionSettings {
  readonly host: string;
  readonly port: number;
  readonly origins: readonly string[];
  readonly connectionRate: number;
  readonly redisUrl: string;
  readonly recordFolder: string;
  readonly publicFolder: string;
  readonly artifactsFolder: string;
  readonly webFolder: string;
  readonly services: readonly string[];
  readonly maxListeners: number;
}

/** What the public service is started with; every setting that has no default is required. */
export const publicSettings: JSONSchemaType<PublicSettings> = {
  type: 'object',
  additionalProperties: false,
  required: ['definitionFile', 'election', 'rpc', 'redisUrl', 'recordFolder', 'publicFolder', 'artifactsFolder'],
  properties: {
    ...electionProperties,
    host: { type: 'string', minLength: 1, default: '127.0.0.1', description: 'address to listen at' },
    port: { type: 'integer', minimum: 0, maximum: 65535, default: 8703, description: 'port to listen at' },
    origins: {
      ...{ type: 'array', items: { type: 'string', format: 'uri' }, default: [] },
      description: 'origins whose pages may call the service',
    },
    connectionRate: { type: 'integer', minimum: 1, default: 100, description: 'requests a second of one connection' },
    redisUrl: {
      type: 'string',
      minLength: 1,
      description: 'the service’s own Redis: redis://…, rediss://… or unix:PATH',
    },
    recordFolder: { type: 'string', minLength: 1, description: 'where the record’s files are written' },
    publicFolder: {
      type: 'string',
      minLength: 1,
      description: 'the commission’s public folder: lists, registrations, reasons',
    },
    artifactsFolder: { type: 'string', minLength: 1, description: 'manifests and verifying keys of the circuits' },
    webFolder: {
      type: 'string',
      default: '',
      description: 'the built web client (dist/web), served below /; empty: none',
    },
    services: {
      ...{ type: 'array', items: { type: 'string', pattern: '^[a-z0-9-]{1,32}=https?://' }, default: [] },
      description: 'where the others are: registrar=URL and each box’s id=URL',
    },
    maxListeners: { type: 'integer', minimum: 1, default: 1000, description: 'clients of the live feed' },
  },
};
