// Draws dots into a buffer of pixels, and into a second buffer that names the dot of each pixel. Pure.
//
// A canvas takes a quarter of a second for 100,000 arcs; this takes some ten milliseconds, in a worker. And the dot under the
// pointer is found by reading one number.

import { FLAG_ERROR, FLAG_ROOTLESS } from '../traces/delta';
import type { Filter } from '../url/state';
import { Brushes, stamp, type Canvas } from './brushes';
import { plotHeight, ZERO_ROW_PX, type View } from './view';

/** The columns of the table that drawing needs, by slot. */
export type Dots = {
  used: number;
  start: Float64Array;
  duration: Float64Array;
  service: Uint16Array;
  spans: Uint32Array;
  flags: Uint8Array;
  alive: Uint8Array;
};

/** Colours are 0xAABBGGRR: a pixel on a little-endian machine. */
export type Colours = { services: Uint32Array; error: number; errorEdge: number; edge: number; dimmed: number };

export type Scene = {
  view: View;
  /** Device pixels for each CSS pixel. */
  density: number;
  filter: Filter;
  /** 1 for each service that is hidden, by index. */
  hidden: Uint8Array;
  /** The one service in full colour; -1 for all. */
  highlight: number;
  colours: Colours;
  /** Whether new dots are faded in. */
  fades: boolean;
};

export type Picture = Canvas & {
  drawn: number;
  /** The pixels of new dots, in a buffer of their own, to be faded in; `null` without new dots. */
  fresh: Uint32Array | null;
};

/** The brushes of the last picture's size, which rarely changes. */
let brushes = new Brushes(0, 0);

function brushesFor(width: number, density: number): Brushes {
  if (brushes.width !== width || brushes.density !== density) brushes = new Brushes(width, density);
  return brushes;
}

/** Slots for which `isFresh` holds are drawn into `fresh`. `spare` becomes the ids buffer where it has the right size. */
export function rasterise(dots: Dots, scene: Scene, isFresh: ((slot: number) => boolean) | null = null, spare: Uint32Array | null = null): Picture {
  const width = Math.max(1, Math.round(scene.view.width * scene.density));
  const height = Math.max(1, Math.round(scene.view.height * scene.density));
  const size = width * height;
  const fresh = isFresh === null ? null : new Uint32Array(size);
  const ids = spare?.length === size ? spare.fill(0) : new Uint32Array(size);
  const picture: Picture = { width, height, pixels: new Uint32Array(size), ids, drawn: 0, fresh };
  // Errors are drawn last, so that no other dot hides one.
  if (scene.filter !== 'error') drawRank(dots, scene, picture, 0, isFresh);
  if (scene.filter !== 'ok') drawRank(dots, scene, picture, FLAG_ERROR, isFresh);
  return picture;
}

function drawRank(dots: Dots, scene: Scene, picture: Picture, rank: number, isFresh: ((slot: number) => boolean) | null): void {
  const { view, density, hidden, colours } = scene;
  const { alive, flags, start, service } = dots;
  const { width, height, ids } = picture;
  const perX = (view.width * density) / (view.x1 - view.x0);
  const margin = 12 * density;
  const toY = yMapper(view, density);
  const isError = rank === FLAG_ERROR;
  const edge = isError ? colours.errorEdge : colours.edge;
  const own = brushesFor(width, density);
  const freshCanvas: Canvas | null = picture.fresh && { width, height, pixels: picture.fresh, ids };
  const [plot, freshPlot] = [aboveZeros(picture, scene), freshCanvas && aboveZeros(freshCanvas, scene)];
  for (let slot = 0; slot < dots.used; slot += 1) {
    if (alive[slot] === 0 || (flags[slot] & FLAG_ERROR) !== rank) continue;
    const x = Math.round((start[slot] - view.x0) * perX);
    if (x < -margin || x > width + margin || hidden[service[slot]] === 1) continue;
    const y = toY(dots.duration[slot]);
    if (y < -margin || y > height + margin) continue;
    picture.drawn += 1;
    const isApart = isFresh !== null && isFresh(slot);
    if (!isApart && isCovered(dots, picture, slot, x, y, rank)) continue;
    const fill = fillOf(scene, service[slot], isError);
    const isZero = view.isLog && dots.duration[slot] < 1;
    const canvas = isApart ? (isZero ? freshCanvas! : freshPlot!) : isZero ? picture : plot;
    stamp(canvas, own.for(dots.spans[slot], isError, (flags[slot] & FLAG_ROOTLESS) !== 0), x, y, slot + 1, fill, edge);
  }
}

/** The canvas without the zero row, so that dots above it do not reach into it. */
function aboveZeros(canvas: Canvas, { view, density }: Scene): Canvas {
  return { ...canvas, height: Math.round(plotHeight(view) * density) };
}

function fillOf({ colours, highlight }: Scene, service: number, isError: boolean): number {
  if (highlight >= 0 && highlight !== service) return colours.dimmed;
  return isError ? colours.error : colours.services[service];
}

function yMapper(view: View, density: number): (duration: number) => number {
  const height = (view.height - (view.isLog ? ZERO_ROW_PX : 0)) * density;
  const perY = height / (view.y1 - view.y0);
  const zeroY = Math.round((view.height - ZERO_ROW_PX / 2) * density);
  if (!view.isLog) return (duration) => Math.round(height - (duration - view.y0) * perY);
  return (duration) => {
    if (duration < 1) return zeroY;
    const y = Math.round(height - (Math.log10(duration) - view.y0) * perY);
    // A trace below the range is not drawn; the zero row is only for durations below 1 ns.
    return y > height ? Infinity : y;
  };
}

/** Whether an equal or larger dot of the same look covers this one completely. */
function isCovered(dots: Dots, picture: Picture, slot: number, x: number, y: number, rank: number): boolean {
  if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return false;
  const at = y * picture.width + x;
  const id = picture.ids[at];
  if (id === 0) return false;
  const other = id - 1;
  const isCentre = Math.abs(dots.start[other] - dots.start[slot]) < 1 && dots.duration[other] === dots.duration[slot];
  const isAlike = (dots.flags[other] & FLAG_ERROR) === rank && (dots.flags[other] & FLAG_ROOTLESS) === (dots.flags[slot] & FLAG_ROOTLESS);
  return isCentre && isAlike && dots.spans[other] >= dots.spans[slot];
}
