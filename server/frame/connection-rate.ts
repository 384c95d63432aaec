import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { UrnaError } from '../../protocol/errors.ts';

interface Bucket {
  tokens: number;
  filled: number;
}

/** Seconds' worth of requests that a quiet connection may send at once. */
const BURST_SECONDS = 4;

/**
 * At most `rate` requests a second on one connection. A limit by cost, not by identity: nothing is kept of who connects, and what is kept
 * of a connection ends with it. What keeps a flood out is that every update needs a proof.
 */
export function limitConnections(server: FastifyInstance, rate: number): void {
  const buckets = new WeakMap<Socket, Bucket>();
  server.addHook('onRequest', (request, _reply, done) => {
    const now = performance.now() / 1000;
    const { socket } = request.raw;
    const bucket = buckets.get(socket) ?? { tokens: rate * BURST_SECONDS, filled: now };
    buckets.set(socket, bucket);
    bucket.tokens = Math.min(rate * BURST_SECONDS, bucket.tokens + (now - bucket.filled) * rate);
    bucket.filled = now;
    if (bucket.tokens < 1) {
      done(new UrnaError('request/rate', 'too many requests on this connection: wait a few seconds'));
      return;
    }
    bucket.tokens -= 1;
    done();
  });
}
