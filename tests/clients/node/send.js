// Sends traces with OpenTelemetry's SDK for Node, and prints for each the JSON that has to come back, on one line.
//
//     node send.js GRPC-URL HTTP-URL gRPC|protobuf|JSON…

import { createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

import { expectedTrace } from "./expected.js";

// Passes spans on to an exporter, and keeps them.
class Recorder {
  spans = [];

  constructor(exporter) {
    this.exporter = exporter;
  }

  export(spans, done) {
    this.spans.push(...spans);
    this.exporter.export(spans, (result) => {
      if (result.code !== ExportResultCode.SUCCESS) this.failure = result.error;
      done(result);
    });
  }

  shutdown() {
    return this.exporter.shutdown();
  }
}

// Sends a trace, one span a request, and prints it as the SDK recorded it.
async function send(exporter, name) {
  const recorder = new Recorder(exporter);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": name, numbers: [1, 2] }),
    spanProcessors: [new SimpleSpanProcessor(recorder)],
    // The SDK drops what exceeds these limits, and counts it.
    spanLimits: { attributeCountLimit: 6, eventCountLimit: 2, linkCountLimit: 1 },
  });
  recordTrace(provider.getTracer("clients", "1.2", { schemaUrl: "https://example.org/1" }));
  await provider.forceFlush();
  await provider.shutdown();
  if (recorder.failure) throw recorder.failure;
  console.log(JSON.stringify(expectedTrace(name, recorder.spans)));
}

function recordTrace(tracer) {
  const second = Math.floor(Date.now() / 1000) - 2;
  const root = tracer.startSpan("root", { kind: SpanKind.SERVER, startTime: [second, 1] }, ROOT_CONTEXT);
  // A remote parent: a trace state enters a trace with one.
  const far = { ...root.spanContext(), isRemote: true, traceState: createTraceState("vendor=state,another=1") };
  for (const kind of Object.values(SpanKind).filter(Number.isInteger)) {
    recordChild(tracer, far, kind, second);
  }
  root.end([second + 1, 999_999_999]);
}

function recordChild(tracer, far, number, second) {
  const link = { context: far, attributes: { why: "parent" } };
  const options = { kind: number, startTime: [second, number + 2], links: [link, link], attributes: values() };
  const child = tracer.startSpan(`child ${number}`, options, trace.setSpanContext(ROOT_CONTEXT, far));
  for (const name of ["first", "second", "third"]) {
    child.addEvent(name, { number }, [second, number + 3]);
  }
  child.setStatus(number % 2 ? { code: SpanStatusCode.ERROR, message: "broken" } : { code: SpanStatusCode.OK });
  child.end([second + 1, number]);
}

function values() {
  return {
    text: "Grüße, 世界",
    yes: true,
    no: false,
    int: -7,
    double: 0.1,
    list: ["a", "b"],
    dropped: "one too many",
  };
}

const [grpc, http, ...transports] = process.argv.slice(2);
const exporters = {
  gRPC: (compression) => new GrpcExporter({ url: grpc, compression }),
  protobuf: (compression) => new ProtobufExporter({ url: `${http}/v1/traces`, compression }),
  JSON: (compression) => new JsonExporter({ url: `${http}/v1/traces`, compression }),
};
for (const transport of transports) {
  await send(exporters[transport]("none"), `Node, ${transport}`);
  await send(exporters[transport]("gzip"), `Node, ${transport}, gzip`);
}
