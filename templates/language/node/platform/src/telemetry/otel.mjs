// Traces, sent to OTEL_EXPORTER_OTLP_ENDPOINT; does nothing where the variable is not set. Loaded before the program:
//   NODE_OPTIONS=--import=/app/packages/platform/src/telemetry/otel.mjs
// Its packages are not installed by default, because they would double the installation for those who collect no traces.
const packages = [
  '@opentelemetry/api@1.10.0',
  '@opentelemetry/context-async-hooks@3.1.1',
  '@opentelemetry/core@3.1.1',
  '@opentelemetry/exporter-trace-otlp-http@0.301.0',
  '@opentelemetry/instrumentation@0.301.1',
  '@opentelemetry/instrumentation-http@0.301.0',
  '@opentelemetry/instrumentation-pg@0.77.0',
  '@opentelemetry/instrumentation-undici@0.34.0',
  '@opentelemetry/resources@3.1.1',
  '@opentelemetry/sdk-trace@3.1.1',
  'import-in-the-middle@3.6.0',
];

// A health check is `node -e …`, without a file: it makes no traces.
if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT && process.argv[1]) {
  try {
    await start();
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(`OTEL_EXPORTER_OTLP_ENDPOINT is set, but the tracing packages are not installed:
  npm install --save-exact --workspace packages/platform ${packages.join(' ')}\n`);
    process.exit(1);
  }
}

async function start() {
  const { register } = await import('import-in-the-middle/register-hooks.mjs');
  register({ include: ['pg', 'http', 'https'] });
  const { context, propagation, trace } = await import('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
  const { UndiciInstrumentation } = await import('@opentelemetry/instrumentation-undici');
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources');
  const { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } = await import(
    '@opentelemetry/sdk-trace'
  );
  const { useSpans } = await import('./trace.ts');

  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME ?? 'unknown' }),
    ),
    sampler: new ParentBasedSampler({
      root: new TraceIdRatioBasedSampler(Number(process.env.OTEL_TRACES_SAMPLER_ARG ?? 1)),
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  registerInstrumentations({
    instrumentations: [new HttpInstrumentation(), new PgInstrumentation(), new UndiciInstrumentation()],
  });
  useSpans({
    active() {
      const span = trace.getActiveSpan()?.spanContext();
      return span && { traceId: span.traceId, parentId: span.spanId, sampled: (span.traceFlags & 1) === 1 };
    },
    name: (operation, route) => trace.getActiveSpan()?.updateName(operation).setAttribute('http.route', route),
  });
  process.once('SIGTERM', () => void provider.forceFlush());
}
