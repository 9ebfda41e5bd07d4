import { expect, test } from 'vitest';

import { sendExamples } from './firstTrace';

const NOW = 1_795_430_400_000_000_001n;
const bodyOf = (command: string): unknown => JSON.parse(/-d '(.*)'$/.exec(command)![1]);

test('the command for OTLP has ids and times written out, so that any shell can run it', () => {
  const [sdk, curl, emit] = sendExamples('http://far:8080', NOW, true);
  expect(sdk.command).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://far:8080');
  expect(emit.command).toBe('traced emit --target-url http://far:8080');
  expect(curl.command).toMatch(/^curl http:\/\/far:8080\/v1\/traces /);
  expect(curl.command).not.toMatch(/[$`]/);
  const span = expect.objectContaining({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: expect.stringMatching(/^[0-9a-f]{16}$/), endTimeUnixNano: String(NOW) });
  expect(bodyOf(curl.command)).toEqual({ resourceSpans: [{ resource: expect.anything(), scopeSpans: [{ spans: [span] }] }] });
});

test('a server with only the contract gets a span of the contract, with all digits of its times', () => {
  const examples = sendExamples('http://far', NOW, false);
  expect(examples.map(({ name }) => name)).toEqual(['curl']);
  expect(examples[0].command).toContain(`"end_time":${NOW}}`);
  expect(bodyOf(examples[0].command)).toEqual({ spans: [expect.objectContaining({ trace_id: expect.stringMatching(/^[0-9a-f]{8}-/), status: 'ok' })] });
});
