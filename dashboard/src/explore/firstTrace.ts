// Commands that send a first trace to an empty server. They contain ids and times, because shells differ in how to make
// those. Pure, except for the random ids.

import { uuidOf } from '../url/ids';

const DURATION_NS = 5_000_000n;

export type SendExample = { name: string; command: string };

/** `speaksOtlp`: the server has more than the contract. */
export function sendExamples(base: string, nowNs: bigint, speaksOtlp: boolean): SendExample[] {
  if (!speaksOtlp) return [{ name: 'curl', command: contractCommand(base, nowNs) }];
  return [
    { name: 'OpenTelemetry', command: `OTEL_EXPORTER_OTLP_ENDPOINT=${base}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf` },
    { name: 'curl', command: otlpCommand(base, nowNs) },
    { name: 'traced emit', command: `traced emit --target-url ${base}` },
  ];
}

function otlpCommand(base: string, nowNs: bigint): string {
  const span = {
    traceId: randomHex(32), spanId: randomHex(16), name: 'POST /orders', kind: 2,
    startTimeUnixNano: String(nowNs - DURATION_NS), endTimeUnixNano: String(nowNs),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] };
  return curl(`${base}/v1/traces`, JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }));
}

function contractCommand(base: string, nowNs: bigint): string {
  const names = { service: 'checkout', operation: 'POST /orders', status: 'ok' };
  const span = { trace_id: uuidOf(randomHex(32)), span_id: uuidOf(randomHex(32)), ...names, start_time: 'from', end_time: 'to' };
  // The contract's times are numbers with more digits than a JavaScript number can hold.
  const json = JSON.stringify({ spans: [span] }).replace('"from"', String(nowNs - DURATION_NS)).replace('"to"', String(nowNs));
  return curl(`${base}/spans`, json);
}

const curl = (url: string, json: string): string => `curl ${url} -H 'content-type: application/json' -d '${json}'`;

/** Random hexadecimal digits. `crypto.randomUUID` is missing on a page that came over plain http. */
function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(digits / 2));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
