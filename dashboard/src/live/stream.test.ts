import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fakePage } from './fakePage';
import { PointsStream } from './stream';

/** An `EventSource` that the test lets send and fail. */
class FakeEvents extends EventTarget {
  isClosed = false;

  constructor(readonly url: string) {
    super();
    opened.push(this);
  }

  close(): void {
    this.isClosed = true;
  }

  send(data: string): void {
    this.dispatchEvent(Object.assign(new Event('points'), { data }));
  }

  fail(): void {
    this.dispatchEvent(new Event('error'));
  }
}

const opened: FakeEvents[] = [];

beforeEach(() => {
  opened.length = 0;
  vi.stubGlobal('EventSource', FakeEvents);
});
afterEach(() => vi.unstubAllGlobals());

function openStream() {
  const tab = fakePage();
  const received: string[] = [];
  const onEnd = vi.fn();
  let cursor = 1;
  const stream = new PointsStream(tab.page, 'http://one', {
    query: () => `cursor=${cursor}`,
    onPoints: (json) => {
      received.push(json);
      cursor += 1;
    },
    onEnd,
  });
  return { tab, stream, received, onEnd };
}

test('messages are handed over', () => {
  const { received } = openStream();
  opened[0].send('a');
  opened[0].send('b');
  expect(opened[0].url).toBe('http://one/api/v1/stream?cursor=1');
  expect(received).toEqual(['a', 'b']);
});

test('after a failure it is opened again, from where it has come to', () => {
  const { onEnd } = openStream();
  opened[0].send('a');
  opened[0].fail();
  expect(opened.map(({ url, isClosed }) => [url.at(-1), isClosed])).toEqual([['1', true], ['2', false]]);
  expect(onEnd).not.toHaveBeenCalled();
});

test('after two failures in a row it ends for good, but a message between them counts', () => {
  const { tab, onEnd } = openStream();
  opened[0].fail();
  opened[1].send('a');
  opened[1].fail();
  expect(onEnd).not.toHaveBeenCalled();
  opened[2].fail();
  expect(onEnd).toHaveBeenCalledTimes(1);
  tab.setHidden(true);
  tab.setHidden(false);
  expect(opened).toHaveLength(3);
});

test('while the page is hidden it is closed', () => {
  const { tab, stream } = openStream();
  tab.setHidden(true);
  expect(opened[0].isClosed).toBe(true);
  tab.setHidden(false);
  expect(opened).toHaveLength(2);
  stream.end();
  expect(opened[1].isClosed).toBe(true);
  expect(tab.listeners.size).toBe(0);
});
