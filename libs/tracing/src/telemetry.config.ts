export interface TelemetryConfig {
  /** OTLP gRPC endpoint, e.g. `http://127.0.0.1:4317`. Empty: no export. */
  endpoint: string | undefined;
}

export const telemetryConfig = (env: NodeJS.ProcessEnv = process.env): TelemetryConfig => ({
  endpoint: env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'],
});
