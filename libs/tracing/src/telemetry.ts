import { telemetryConfig, type TelemetryConfig } from './telemetry.config.js';

export interface Telemetry {
  /** Sends what is buffered. */
  shutdown(): Promise<void>;
}

/**
 * Exports spans over OTLP gRPC when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; otherwise does nothing and loads nothing.
 * @param service name that the spans carry, e.g. `clawdesk-nlu`
 */
export async function startTelemetry(
  service: string,
  { endpoint }: TelemetryConfig = telemetryConfig(),
): Promise<Telemetry | undefined> {
  if (!endpoint) return undefined;
  // Loaded on demand: the SDK costs 40 MB and half a second that most laptops need not spend.
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-grpc'),
  ]);
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: endpoint }),
    instrumentations: [],
    autoDetectResources: false,
  });
  sdk.start();
  return { shutdown: () => sdk.shutdown() };
}
