import { describe, expect, it } from '@jest/globals';
import { configuredRedis } from '../../../client/cli/demo/start/configured-redis.ts';

describe('configuredRedis', () => {
  it('takes an address for each service that it knows, and leaves the others to private ones', () => {
    expect(configuredRedis([], {})).toEqual({});
    const given = ['registrar=unix:/run/a=b.sock', 'box-2=rediss://redis.example:6379/0', 'public=redis://127.0.0.1'];
    expect(configuredRedis(given, { PATH: '/bin' })).toEqual({
      registrar: 'unix:/run/a=b.sock',
      'box-2': 'rediss://redis.example:6379/0',
      public: 'redis://127.0.0.1',
    });
  });

  it.each([
    ['a service that there is not', ['box-3=redis://a'], 'registrar, box-1, box-2, public'],
    ['no service', ['redis://a'], 'NAME=URL'],
    ['no address', ['public='], 'NAME=URL'],
    ['another scheme', ['public=http://a'], 'NAME=URL'],
    ['an address that is none', ['public=redis://a:b:c'], 'none'],
    ['a service twice', ['public=redis://a', 'public=redis://b'], 'twice'],
    ['a Redis for two', ['public=redis://a', 'box-1=redis://a'], 'another service'],
    ['a password among the arguments', ['public=redis://u:secret@a'], 'password'],
  ])('refuses %s', (_, given, words) => {
    expect(() => configuredRedis(given, {})).toThrow(
      expect.objectContaining({ code: 'usage/arguments', message: expect.stringContaining(words) }) as never,
    );
    expect(() => configuredRedis(given, {})).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }) as never,
    );
  });

  it('does not pass over URNA_REDIS_URL, which cannot be every service’s', () => {
    expect(() => configuredRedis([], { URNA_REDIS_URL: 'redis://a' })).toThrow('URNA_REDIS_URL');
  });
});
