// Stamps dots into a buffer of pixels: plain loops over offsets that are computed once. With 100,000 dots each nanosecond
// per pixel adds several milliseconds. Pure.

import { LINE_PX, makeMask, radiusOf, type Mask, type Shape } from './masks';

/** A buffer of colours, and a buffer that names the dot of each pixel, as its slot + 1. */
export type Canvas = { width: number; height: number; pixels: Uint32Array; ids: Uint32Array };

/** A mask for buffers of one width: its pixels as offsets in the buffer. */
export type Brush = { mask: Mask; solid: Int32Array; soft: Int32Array };

/** Limit: the brush of a larger trace is looked up a little more slowly. */
const SPANS_BY_NUMBER = 256;
/** Errors are drawn above all other dots. Those of fewer spans are slim, so that a few do not hide the rest. */
const SLIM_SPANS = 5;

/** The brushes of one width and density. */
export class Brushes {
  private readonly byShape = new Map<string, Brush>();
  private readonly bySpans: (Brush | undefined)[] = [];

  constructor(
    readonly width: number,
    readonly density: number,
  ) {}

  for(spans: number, isError: boolean, isHollow: boolean): Brush {
    const key = spans * 4 + (isError ? 1 : 0) + (isHollow ? 2 : 0);
    if (spans >= SPANS_BY_NUMBER) return this.ofRadius(spans, isError, isHollow);
    return (this.bySpans[key] ??= this.ofRadius(spans, isError, isHollow));
  }

  private ofRadius(spans: number, isError: boolean, isHollow: boolean): Brush {
    // Radii in quarters of a pixel: a finer step is invisible and would need more masks.
    const quarters = Math.round(radiusOf(spans) * this.density * 4);
    const shape: Shape = !isError ? 'disc' : spans < SLIM_SPANS ? 'slim' : 'diamond';
    const key = shape + quarters + (isHollow ? 'hollow' : '');
    let brush = this.byShape.get(key);
    if (brush === undefined) {
      brush = brushOf(makeMask(quarters / 4, shape, isHollow ? LINE_PX * this.density : Infinity), this.width);
      this.byShape.set(key, brush);
    }
    return brush;
  }
}

function brushOf(mask: Mask, width: number): Brush {
  const steps = ({ dx, dy }: { dx: Int8Array; dy: Int8Array }) => Int32Array.from(dx, (x, at) => dy[at] * width + x);
  return { mask, solid: steps(mask.solid), soft: steps(mask.soft) };
}

/** Draws a dot at a pixel. `fill` has to be opaque; `edge` may be translucent. */
export function stamp(canvas: Canvas, brush: Brush, x: number, y: number, id: number, fill: number, edge: number): void {
  const { width, height } = canvas;
  const { reach } = brush.mask;
  const isInside = x >= reach && y >= reach && x < width - reach && y < height - reach;
  if (isInside) stampWhole(canvas, brush, y * width + x, id, fill, edge);
  else stampCut(canvas, brush.mask, x, y, id, fill, edge);
}

function stampWhole({ pixels, ids }: Canvas, { mask, solid, soft }: Brush, at: number, id: number, fill: number, edge: number): void {
  for (let n = 0; n < solid.length; n += 1) {
    pixels[at + solid[n]] = fill;
    ids[at + solid[n]] = id;
  }
  const { cover, isFill } = mask.soft;
  const edgeAlpha = edge >>> 24;
  for (let n = 0; n < soft.length; n += 1) {
    const pixel = at + soft[n];
    if (isFill[n] === 1) {
      pixels[pixel] = blend(pixels[pixel], fill, cover[n]);
      ids[pixel] = id;
    } else pixels[pixel] = blend(pixels[pixel], edge, (cover[n] * edgeAlpha + 127) / 255);
  }
}

/** Draws a dot that reaches over the edge of the buffer. */
function stampCut({ width, height, pixels, ids }: Canvas, { solid, soft }: Mask, x: number, y: number, id: number, fill: number, edge: number): void {
  const indexAt = (dx: number, dy: number): number => {
    const [px, py] = [x + dx, y + dy];
    return px < 0 || py < 0 || px >= width || py >= height ? -1 : py * width + px;
  };
  for (let n = 0; n < solid.dx.length; n += 1) {
    const at = indexAt(solid.dx[n], solid.dy[n]);
    if (at < 0) continue;
    pixels[at] = fill;
    ids[at] = id;
  }
  for (let n = 0; n < soft.dx.length; n += 1) {
    const at = indexAt(soft.dx[n], soft.dy[n]);
    if (at < 0) continue;
    const isFill = soft.isFill[n] === 1;
    pixels[at] = isFill ? blend(pixels[at], fill, soft.cover[n]) : blend(pixels[at], edge, (soft.cover[n] * (edge >>> 24) + 127) / 255);
    if (isFill) ids[at] = id;
  }
}

/** Blends `over` with an alpha of 0 to 255 onto a pixel; neither is premultiplied. Mixes red and blue at once on an opaque pixel. */
function blend(under: number, over: number, alpha: number): number {
  const below = under >>> 24;
  if (below === 0) return (over & 0xffffff) | (alpha << 24);
  if (below !== 255) return blendThin(under, over, alpha, below);
  const share = (alpha | 0) + (alpha >> 7);
  const redBlue = under & 0xff00ff;
  const green = under & 0xff00;
  const mixed = (redBlue + ((((over & 0xff00ff) - redBlue) * share) >> 8)) & 0xff00ff;
  return 0xff000000 | mixed | ((green + ((((over & 0xff00) - green) * share) >> 8)) & 0xff00);
}

function blendThin(under: number, over: number, alpha: number, below: number): number {
  const total = alpha + below * (1 - alpha / 255);
  const share = alpha / total;
  const mix = (shift: number) => {
    const from = (under >>> shift) & 255;
    return Math.round(from + (((over >>> shift) & 255) - from) * share) << shift;
  };
  return mix(0) | mix(8) | mix(16) | (Math.round(total) << 24);
}
