import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A service's Prometheus metrics; the one importer of `prom-client`. Labels are routes and codes, never anybody's data. */
export interface Metrics {
  readonly registry: Registry;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  /** A gauge that is read when somebody asks. */
  readGauge(name: string, help: string, read: () => number): void;
}

/** A registry with the process's own metrics and the time that each route takes. @param service - prefix of the metrics' label */
export function createMetrics(server: FastifyInstance, service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'urna_http_request_seconds',
    help: 'Time from request to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  server.addHook('onResponse', (request, reply, done) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    seconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
  server.addHook('onClose', () => registry.clear());
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: labels, registers: [registry] }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: labels, registers: [registry] }),
    readGauge: (name, help, read) => {
      const collect = (): void => gauge.set(read());
      const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect });
    },
  };
}
