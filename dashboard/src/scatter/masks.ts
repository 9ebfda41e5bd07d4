// The pixels of a dot: which ones, and how much of each it covers. Made once for each radius. Pure.

export type Shape = 'disc' | 'diamond' | 'slim';

/** Pixels around the centre, as steps to the side and down. */
export type Mask = {
  reach: number;
  /** Those that the fill covers whole. */
  solid: { dx: Int8Array; dy: Int8Array };
  /** Those at the rim: of the fill, thinner, or of the edge that sets dots apart. */
  soft: { dx: Int8Array; dy: Int8Array; cover: Uint8Array; isFill: Uint8Array };
};

type Pixel = { dx: number; dy: number; cover: number; isFill: boolean };

const EDGE_PX = 1;
/** A rim that is thinner than this would let a small dot vanish. */
const FILL_COVER_MIN = 96;

/** Spans of a trace to the radius of its dot in CSS pixels. */
export function radiusOf(spans: number): number {
  return Math.min(11, 2.5 + 2 * Math.log10(Math.max(1, spans)));
}

export function makeMask(radius: number, shape: Shape): Mask {
  const reach = Math.ceil(radius + EDGE_PX);
  const solid: Pixel[] = [];
  const soft: Pixel[] = [];
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const pixel = pixelAt(dx, dy, radius, shape);
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

function pixelAt(dx: number, dy: number, radius: number, shape: Shape): Pixel | null {
  const depth = radius - distance(dx, dy, shape);
  const reached = Math.min(1, depth + EDGE_PX + 0.5);
  if (reached <= 0) return null;
  if (depth < -0.5) return { dx, dy, cover: Math.round(reached * 255), isFill: false };
  const fill = Math.min(1, depth + 0.5);
  return { dx, dy, cover: fill < 1 ? Math.max(FILL_COVER_MIN, Math.round(fill * 255)) : 255, isFill: true };
}

/** A diamond has the area of the disc when it reaches a quarter further; a slim one is smaller. */
function distance(x: number, y: number, shape: Shape): number {
  if (shape === 'disc') return Math.hypot(x, y);
  return (Math.abs(x) + Math.abs(y)) / (shape === 'slim' ? 1.1 : 1.25);
}
