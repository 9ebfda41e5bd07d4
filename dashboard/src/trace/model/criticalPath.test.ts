import { describe, expect, test } from 'vitest';

import { randomFrom } from '../../testing/random';
import { findCriticalPath } from './criticalPath';
import { grown, shop, type TestSpan } from './testing';

describe('the critical path', () => {
  test('goes backwards into the child that finished last', () => {
    const { columns, forest } = grown(shop);
    const path = findCriticalPath(columns, forest);
    expect(path.get(0)).toEqual([{ from: 0, to: 30 }, { from: 90, to: 100 }]);
    expect(path.get(2)).toEqual([{ from: 30, to: 50 }, { from: 80, to: 90 }]);
    expect(path.get(3)).toEqual([{ from: 50, to: 80 }]);
    expect(path.has(1)).toBe(false);
  });

  test('covers the root exactly once, for random children', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      const lines: TestSpan[] = [{ id: '0', start: 0, end: 1000 }];
      for (let at = 1; at < 40; at += 1) {
        const start = random.int(-50, 1000);
        lines.push({ id: String(at), parent: String(random.int(0, at - 1)), start, end: start + random.int(0, 400) });
      }
      const { columns, forest } = grown(lines);
      const segments = [...findCriticalPath(columns, forest).values()].flat().sort((a, b) => a.from - b.from);
      expect(segments[0].from).toBe(0);
      expect(segments.at(-1)!.to).toBe(1000);
      segments.slice(1).forEach((segment, at) => expect(segment.from, `seed ${seed}`).toBe(segments[at].to));
    }
  });
});
