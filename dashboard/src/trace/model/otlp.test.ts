import { expect, test } from 'vitest';

import { spanOfContract } from './contractSpans';
import { exportOtlp } from './otlp';

const span = {
  trace_id: '0190163d-8694-739b-aea5-966c26f8ad91', span_id: '0190163d-8694-739b-aea5-966c26f8ad92', service: 'cart', operation: 'add',
  start_time: '1795430400000000001', end_time: '1795430400000000009', status: 'error' as const, tags: { Region: 'EU-west' },
};

test('a span of the contract is exported with its service, its times and its whole id', () => {
  const [resource] = (exportOtlp([spanOfContract(span)]) as { resourceSpans: any[] }).resourceSpans;
  expect(resource.resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'cart' } }]);
  const [exported] = resource.scopeSpans[0].spans;
  expect(exported).toMatchObject({
    traceId: '0190163d8694739baea5966c26f8ad91', spanId: 'aea5966c26f8ad92', startTimeUnixNano: '1795430400000000001', status: { code: 2 },
  });
  expect(exported.attributes.at(-1)).toEqual({ key: 'traced.span_id', value: { stringValue: '0190163d8694739baea5966c26f8ad92' } });
  expect(exported).not.toHaveProperty('parentSpanId');
});

test('spans of one service share a resource', () => {
  const spans = ['cart', 'pay', 'cart'].map((service) => spanOfContract({ ...span, service }));
  expect((exportOtlp(spans) as { resourceSpans: unknown[] }).resourceSpans).toHaveLength(2);
});
