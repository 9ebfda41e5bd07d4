// Computes the pixels of a dot and how much of each it covers, once for each radius and shape. Pure.

export type Shape = 'disc' | 'diamond' | 'slim';

/** The pixels of a dot as offsets from its centre. */
export type Mask = {
  reach: number;
  /** Pixels that the fill covers completely. */
  solid: { dx: Int8Array; dy: Int8Array };
  /** Pixels that are covered in part: by the fill, or by the edge that separates dots. */
  soft: { dx: Int8Array; dy: Int8Array; cover: Uint8Array; isFill: Uint8Array };
};

type Pixel = { dx: number; dy: number; cover: number; isFill: boolean };

const EDGE_PX = 1;
/** How thick the line of a hollow dot is. */
export const LINE_PX = 1.5;
/** With less cover the rim of a small dot would be invisible. */
const FILL_COVER_MIN = 96;

/** The radius of a trace's dot in CSS pixels, by its number of spans. */
export function radiusOf(spans: number): number {
  return Math.min(11, 2.5 + 2 * Math.log10(Math.max(1, spans)));
}

/** `line` is how thick the line of a hollow dot is, in device pixels; `Infinity` for a full one. */
export function makeMask(radius: number, shape: Shape, line = Infinity): Mask {
  const reach = Math.ceil(radius + EDGE_PX);
  const solid: Pixel[] = [];
  const soft: Pixel[] = [];
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const pixel = pixelAt(dx, dy, radius, shape, line);
      if (pixel === null) continue;
      (pixel.isFill && pixel.cover === 255 ? solid : soft).push(pixel);
    }
  }
  return {
    reach,
    solid: stepsOf(solid),
    soft: { ...stepsOf(soft), cover: Uint8Array.from(soft, ({ cover }) => cover), isFill: Uint8Array.from(soft, ({ isFill }) => (isFill ? 1 : 0)) },
  };
}

const stepsOf = (pixels: Pixel[]) => ({ dx: Int8Array.from(pixels, ({ dx }) => dx), dy: Int8Array.from(pixels, ({ dy }) => dy) });

function pixelAt(dx: number, dy: number, radius: number, shape: Shape, line: number): Pixel | null {
  const depth = radius - distance(dx, dy, shape);
  const reached = Math.min(1, depth + EDGE_PX + 0.5);
  if (reached <= 0) return null;
  if (depth < -0.5) return { dx, dy, cover: Math.round(reached * 255), isFill: false };
  const fill = Math.min(1, depth + 0.5, line - depth + 0.5);
  if (fill <= 0) return null;
  return { dx, dy, cover: fill < 1 ? Math.max(FILL_COVER_MIN, Math.round(fill * 255)) : 255, isFill: true };
}

/** A diamond reaches a quarter further than the disc, so that its area is about as large; a slim one is smaller. */
function distance(x: number, y: number, shape: Shape): number {
  if (shape === 'disc') return Math.hypot(x, y);
  return (Math.abs(x) + Math.abs(y)) / (shape === 'slim' ? 1.1 : 1.25);
}
