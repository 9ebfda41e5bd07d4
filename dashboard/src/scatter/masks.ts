// The pixels of a dot: which ones, and how much of each it covers. Made once for each radius. Pure.

export type Shape = 'disc' | 'diamond';

/** Pixels around the centre. Tone 0 is the fill, 1 the edge that sets dots apart. */
export type Mask = { dx: Int8Array; dy: Int8Array; cover: Uint8Array; tone: Uint8Array; reach: number };

const EDGE_PX = 1;

/** Spans of a trace to the radius of its dot in CSS pixels. */
export function radiusOf(spans: number): number {
  return Math.min(11, 2.5 + 2 * Math.log10(Math.max(1, spans)));
}

export function makeMask(radius: number, shape: Shape): Mask {
  const reach = Math.ceil(radius + EDGE_PX);
  const pixels: [number, number, number, number][] = [];
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      const depth = radius - distance(x, y, shape);
      const cover = Math.min(1, Math.max(0, depth + EDGE_PX + 0.5));
      if (cover <= 0) continue;
      pixels.push([x, y, Math.round(cover * 255), depth >= -0.5 ? 0 : 1]);
      const fill = Math.min(1, Math.max(0, depth + 0.5));
      // A pixel between fill and edge belongs to the fill, thinner.
      if (depth >= -0.5 && fill < 1) pixels[pixels.length - 1][2] = Math.max(96, Math.round(fill * 255));
    }
  }
  return {
    dx: Int8Array.from(pixels, ([x]) => x),
    dy: Int8Array.from(pixels, ([, y]) => y),
    cover: Uint8Array.from(pixels, ([, , cover]) => cover),
    tone: Uint8Array.from(pixels, ([, , , tone]) => tone),
    reach,
  };
}

/** A diamond of the same reach looks smaller than a disc, so it is measured a little more kindly. */
function distance(x: number, y: number, shape: Shape): number {
  return shape === 'disc' ? Math.hypot(x, y) : (Math.abs(x) + Math.abs(y)) / 1.25;
}
