import { describe, expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { makeMask, radiusOf } from './masks';
import { rasterise, type Dots, type Scene } from './raster';
import { fitY, inside, panBy, xPixel, xValue, yPixel, yValue, zoomAt, type View } from './view';

const view: View = { x0: 0, x1: 1000, y0: 3, y1: 9, isLog: true, width: 200, height: 120 };
const SERVICE = 0xff0000aa;
const ERROR = 0xff0000ff;

function dotsOf(rows: { x: number; d: number; spans?: number; error?: boolean; rootless?: boolean; service?: number }[]): Dots {
  return {
    used: rows.length,
    start: Float64Array.from(rows, (row) => row.x),
    duration: Float64Array.from(rows, (row) => row.d),
    service: Uint16Array.from(rows, (row) => row.service ?? 0),
    spans: Uint32Array.from(rows, (row) => row.spans ?? 1),
    flags: Uint8Array.from(rows, (row) => (row.error ? 1 : 0) + (row.rootless ? 4 : 0)),
    alive: new Uint8Array(rows.length).fill(1),
  };
}

function sceneOf(more: Partial<Scene> = {}): Scene {
  const colours = { services: Uint32Array.of(SERVICE, 0xff00bb00), error: ERROR, errorEdge: 0xff000044, edge: 0x80ffffff, dimmed: 0xff888888 };
  return { view, density: 1, filter: 'all', hidden: new Uint8Array(2), highlight: -1, colours, fades: false, ...more };
}

describe('the rasteriser', () => {
  test('draws the colour and the id of a dot at its position', () => {
    const dots = dotsOf([{ x: 500, d: 1e6 }, { x: 250, d: 1e4, error: true }, { x: 750, d: 0 }]);
    const { width, pixels, ids, drawn } = rasterise(dots, sceneOf());
    expect(drawn).toBe(3);
    const colours = [SERVICE, ERROR, SERVICE];
    for (let slot = 0; slot < 3; slot += 1) {
      const at = Math.round(yPixel(view, dots.duration[slot])) * width + Math.round(xPixel(view, dots.start[slot]));
      expect(ids[at]).toBe(slot + 1);
      expect(pixels[at]).toBe(colours[slot]);
    }
  });

  test('keeps dots at the lower edge out of the zero row', () => {
    const { width, pixels, ids } = rasterise(dotsOf([{ x: 500, d: 1e3, spans: 1000 }]), sceneOf());
    const rows = (buffer: Uint32Array) => buffer.findLastIndex((value) => value !== 0) / width;
    expect(ids.some((id) => id === 1)).toBe(true);
    expect(Math.max(rows(pixels), rows(ids))).toBeLessThan(100);
  });

  test('draws errors of few spans smaller than a disc, those of many spans about as large', () => {
    const area = (spans: number, error: boolean) => rasterise(dotsOf([{ x: 500, d: 1e6, spans, error }]), sceneOf({ density: 2 })).ids.filter((id) => id === 1).length;
    expect(area(1, true)).toBeLessThan(0.9 * area(1, false));
    expect(area(50, true)).toBeGreaterThan(0.9 * area(50, false));
  });

  test('draws traces without a root hollow, so that what is behind shows through', () => {
    const at = 50 * 200 + 100;
    const alone = rasterise(dotsOf([{ x: 500, d: 1e6, spans: 100, rootless: true }]), sceneOf());
    expect([alone.drawn, alone.ids[at], alone.pixels[at]]).toEqual([1, 0, 0]);
    expect(alone.pixels[at + 6]).toBe(SERVICE);
    expect(alone.ids[at + 6]).toBe(1);
    const both = rasterise(dotsOf([{ x: 500, d: 1e6, spans: 100, rootless: true }, { x: 500, d: 1e6, service: 1 }]), sceneOf());
    expect(both.ids[at]).toBe(2);
  });

  test('draws errors above the rest, as diamonds', () => {
    const dots = dotsOf([{ x: 500, d: 1e6, error: true, spans: 1000 }, { x: 500, d: 1e6, spans: 1000 }]);
    const { width, ids } = rasterise(dots, sceneOf());
    expect(ids[50 * width + 100]).toBe(1);
    // The disc behind it shows where the diamond has no corner.
    expect(ids[44 * width + 106]).toBe(2);
  });

  test.each(['all', 'ok', 'error'] as const)('draws traces that match the filter %s', (filter) => {
    const dots = dotsOf([{ x: 100, d: 1e6 }, { x: 500, d: 1e6, error: true }, { x: 900, d: 1e6 }]);
    const expected = { all: 3, ok: 2, error: 1 }[filter];
    expect(rasterise(dots, sceneOf({ filter })).drawn).toBe(expected);
  });

  test('leaves out dots that are hidden, gone or outside of the view', () => {
    const dots = dotsOf([{ x: 1, d: 1e6 }, { x: 1, d: 1e6, service: 1 }, { x: 9999, d: 1e6 }, { x: 1, d: 10 }]);
    dots.alive[0] = 0;
    expect(rasterise(dots, sceneOf({ hidden: Uint8Array.of(0, 1) })).drawn).toBe(0);
  });

  test('draws new dots into a buffer of their own, but their ids into the common one', () => {
    const dots = dotsOf([{ x: 250, d: 1e6 }, { x: 750, d: 1e6 }]);
    const { width, pixels, ids, fresh, drawn } = rasterise(dots, sceneOf({ fades: true }), (slot) => slot === 1);
    const [settled, come] = [50 * width + 50, 50 * width + 150];
    expect([pixels[settled], fresh![settled], ids[settled]]).toEqual([SERVICE, 0, 1]);
    expect([pixels[come], fresh![come], ids[come]]).toEqual([0, SERVICE, 2]);
    expect(drawn).toBe(2);
    expect(rasterise(dots, sceneOf()).fresh).toBeNull();
  });

  test('stays inside its buffers with random dots', () => {
    const random = randomFrom(7);
    const rows = Array.from({ length: 3000 }, () => ({ x: random.int(-200, 1200), d: 10 ** (random.next() * 12), spans: random.int(1, 1e5), error: random.bool() }));
    const { pixels, ids } = rasterise(dotsOf(rows), sceneOf({ density: 2 }));
    expect(pixels).toHaveLength(400 * 240);
    expect(Math.max(...ids)).toBeLessThanOrEqual(3000);
  });
});

test('a dot grows with the logarithm of its spans, up to a limit', () => {
  expect([1, 10, 100, 1e9].map(radiusOf)).toEqual([2.5, 4.5, 6.5, 11]);
  expect(makeMask(4, 'disc').solid.dx.length).toBeGreaterThan(Math.PI * 9);
});

describe('the view', () => {
  test('turns pixels into values and back', () => {
    for (const px of [0, 13, 199]) expect(xPixel(view, xValue(view, px))).toBeCloseTo(px, 6);
    for (const py of [0, 50, 99]) expect(yPixel(view, yValue(view, py))).toBeCloseTo(py, 6);
    expect(yValue(view, 110)).toBe(0);
  });

  test('keeps the point under the pointer when it zooms', () => {
    const random = randomFrom(3);
    let current = view;
    for (let step = 0; step < 500; step += 1) {
      const px = random.int(0, 200);
      const before = xValue(current, px);
      current = zoomAt(current, px, random.int(0, 100), 0.5 + random.next(), 0.5 + random.next());
      expect(Math.abs(xPixel(current, before) - px)).toBeLessThan(0.01);
      expect(current.x1 - current.x0).toBeGreaterThan(999);
    }
  });

  test('pans by pixels', () => {
    const panned = panBy(view, 20, 0);
    expect([panned.x0, panned.x1]).toEqual([-100, 900]);
  });

  test('fits all durations with round edges', () => {
    const { y0, y1 } = fitY(48e6, 310e6, true);
    expect(10 ** y0).toBeLessThanOrEqual(48e6);
    expect(10 ** y1).toBeGreaterThanOrEqual(310e6);
    expect(fitY(Infinity, -Infinity, true)).toEqual({ y0: 6, y1: 9 });
    expect(fitY(0, 310e6, false)).toEqual({ y0: 0, y1: 500e6 });
  });
});

describe('a view inside its bounds', () => {
  const bounds = { from: 0, to: 1000 };
  const timesOf = (x0: number, x1: number) => {
    const { x0: from, x1: to } = inside({ ...view, x0, x1 }, bounds);
    return [from, to];
  };

  test('is not moved where it lies inside them', () => expect(timesOf(-50, 300)).toEqual([-50, 300]));
  test('reaches a little beyond them at most', () => expect(timesOf(-9e9, 9e9)).toEqual([-50, 1050]));
  test('is moved inside and keeps its length', () => {
    expect(timesOf(-500, -400)).toEqual([-50, 50]);
    expect(timesOf(2000, 2100)).toEqual([950, 1050]);
  });
});
