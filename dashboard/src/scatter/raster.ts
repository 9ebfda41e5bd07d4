// Draws dots into a buffer of pixels, and beside it a buffer that says which dot each pixel shows. Pure.
//
// A canvas draws 100,000 arcs in a quarter of a second; this takes some ten milliseconds, in a worker, and
// makes the dot under the pointer one read of an array.

import { FLAG_ERROR } from '../traces/delta';
import type { Filter } from '../url/state';
import { makeMask, radiusOf, type Mask } from './masks';
import { ZERO_ROW_PX, type View } from './view';

/** The columns that drawing needs, by slot. */
export type Dots = {
  used: number;
  start: Float64Array;
  duration: Float64Array;
  service: Uint16Array;
  spans: Uint32Array;
  flags: Uint8Array;
  alive: Uint8Array;
};

/** Colours are 0xAABBGGRR, as a buffer of pixels has them on every machine of today. */
export type Colours = { services: Uint32Array; error: number; errorEdge: number; edge: number; dimmed: number };

export type Scene = {
  view: View;
  /** Device pixels for each CSS pixel. */
  density: number;
  filter: Filter;
  /** 1 for each service that is not shown, by its place. */
  hidden: Uint8Array;
  /** Only this service in full colour; -1 means all. */
  highlight: number;
  colours: Colours;
};

export type Picture = { width: number; height: number; pixels: Uint32Array; ids: Uint32Array; drawn: number };

const masks = new Map<number, Mask>();

function maskFor(spans: number, density: number, isError: boolean): Mask {
  // Quarters of a pixel: nobody sees less, and the masks stay few.
  const quarters = Math.round(radiusOf(spans) * density * 4);
  const key = quarters * 2 + (isError ? 1 : 0);
  let mask = masks.get(key);
  if (mask === undefined) {
    mask = makeMask(quarters / 4, isError ? 'diamond' : 'disc');
    masks.set(key, mask);
  }
  return mask;
}

export function rasterise(dots: Dots, scene: Scene): Picture {
  const width = Math.max(1, Math.round(scene.view.width * scene.density));
  const height = Math.max(1, Math.round(scene.view.height * scene.density));
  const size = width * height;
  const picture = { width, height, pixels: new Uint32Array(size), ids: new Uint32Array(size), drawn: 0 };
  // Errors come last, so that nothing hides one.
  if (scene.filter !== 'error') drawRank(dots, scene, picture, 0);
  if (scene.filter !== 'ok') drawRank(dots, scene, picture, FLAG_ERROR);
  return picture;
}

function drawRank(dots: Dots, scene: Scene, picture: Picture, rank: number): void {
  const { view, density, hidden } = scene;
  const perX = (view.width * density) / (view.x1 - view.x0);
  const margin = 12 * density;
  const toY = yMapper(view, density);
  for (let slot = 0; slot < dots.used; slot += 1) {
    if (dots.alive[slot] === 0 || (dots.flags[slot] & FLAG_ERROR) !== rank) continue;
    const x = Math.round((dots.start[slot] - view.x0) * perX);
    if (x < -margin || x > picture.width + margin || hidden[dots.service[slot]] === 1) continue;
    const y = toY(dots.duration[slot]);
    if (y < -margin || y > picture.height + margin) continue;
    picture.drawn += 1;
    const mask = maskFor(dots.spans[slot], density, rank === FLAG_ERROR);
    if (!isCovered(dots, picture, slot, x, y, rank)) stamp(picture, mask, x, y, slot, ...coloursOf(dots, scene, slot, rank));
  }
}

function yMapper(view: View, density: number): (duration: number) => number {
  const height = (view.height - (view.isLog ? ZERO_ROW_PX : 0)) * density;
  const perY = height / (view.y1 - view.y0);
  const zeroY = Math.round((view.height - ZERO_ROW_PX / 2) * density);
  if (!view.isLog) return (duration) => Math.round(height - (duration - view.y0) * perY);
  return (duration) => {
    if (duration < 1) return zeroY;
    const y = Math.round(height - (Math.log10(duration) - view.y0) * perY);
    // Below the range is out of the picture, not in the row of zeros.
    return y > height ? Infinity : y;
  };
}

/** Under a dot of the same rank that is at least as large, nothing of this one would be seen. */
function isCovered(dots: Dots, picture: Picture, slot: number, x: number, y: number, rank: number): boolean {
  if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return false;
  const at = y * picture.width + x;
  const id = picture.ids[at];
  if (id === 0) return false;
  const other = id - 1;
  const isCentre = Math.abs(dots.start[other] - dots.start[slot]) < 1 && dots.duration[other] === dots.duration[slot];
  return isCentre && (dots.flags[other] & FLAG_ERROR) === rank && dots.spans[other] >= dots.spans[slot];
}

function coloursOf(dots: Dots, scene: Scene, slot: number, rank: number): [number, number] {
  const { colours, highlight } = scene;
  const service = dots.service[slot];
  if (highlight >= 0 && highlight !== service) return [colours.dimmed, colours.edge];
  return rank === FLAG_ERROR ? [colours.error, colours.errorEdge] : [colours.services[service], colours.edge];
}

function stamp(picture: Picture, mask: Mask, x: number, y: number, slot: number, fill: number, edge: number): void {
  const { width, height, pixels, ids } = picture;
  for (let n = 0; n < mask.dx.length; n += 1) {
    const px = x + mask.dx[n];
    const py = y + mask.dy[n];
    if (px < 0 || py < 0 || px >= width || py >= height) continue;
    const at = py * width + px;
    const isFill = mask.tone[n] === 0;
    const colour = isFill ? fill : edge;
    const cover = mask.cover[n];
    pixels[at] = cover === 255 && colour >>> 24 === 255 ? colour : blend(pixels[at], colour, cover);
    if (isFill) ids[at] = slot + 1;
  }
}

/** Source over destination; both not premultiplied. */
function blend(under: number, over: number, cover: number): number {
  const alpha = ((over >>> 24) * cover) / 255;
  const below = under >>> 24;
  if (below === 0) return ((over & 0xffffff) | (Math.round(alpha) << 24)) >>> 0;
  const total = alpha + below * (1 - alpha / 255);
  const share = alpha / total;
  const mix = (shift: number) => {
    const from = (under >>> shift) & 255;
    const to = (over >>> shift) & 255;
    return Math.round(from + (to - from) * share) << shift;
  };
  return (mix(0) | mix(8) | mix(16) | (Math.round(total) << 24)) >>> 0;
}
