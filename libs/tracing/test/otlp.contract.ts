import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { continueTrace, startTelemetry, type Telemetry } from '@clawdesk/tracing';

/** A collector that keeps the OTLP requests as they come over gRPC. */
class Collector {
  readonly requests: Buffer[] = [];
  private readonly server = new Server();
  port = 0;

  async start(): Promise<void> {
    this.server.register(
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      (call: { request: Buffer }, callback: (error: null, response: Buffer) => void) => {
        this.requests.push(call.request);
        callback(null, Buffer.alloc(0));
      },
      (response: Buffer) => response,
      (request: Buffer) => request,
      'unary',
    );
    this.port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

const collector = new Collector();
let telemetry: Telemetry | undefined;

beforeAll(async () => {
  await collector.start();
  telemetry = await startTelemetry('clawdesk-test', { endpoint: `http://127.0.0.1:${collector.port}` });
});

afterAll(() => collector.stop());

it('exports the spans of one trace over OTLP gRPC, each a child of the one before', async () => {
  const traceId = await continueTrace('publish message.received', undefined, {}, async (_, first) => {
    await continueTrace('process_message', first, {}, async (span, second) => {
      expect(second.slice(3, 35)).toBe(first.slice(3, 35));
      expect(second.slice(36, 52)).toBe(span.spanContext().spanId);
    });
    return first.slice(3, 35);
  });
  await telemetry!.shutdown();
  const sent = Buffer.concat(collector.requests);
  const id = Buffer.from(traceId, 'hex');
  const first = sent.indexOf(id);
  expect(first).toBeGreaterThan(-1);
  expect(sent.indexOf(id, first + 1)).toBeGreaterThan(first);
  for (const word of ['clawdesk-test', 'publish message.received', 'process_message'])
    expect(sent.includes(word)).toBe(true);
});
