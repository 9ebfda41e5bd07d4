// Paints each frame: the grid, the last picture of the dots, and marks above it.
//
// The picture may be older than the view. It is stretched and shifted to the view, so that a gesture never lags; the dots
// are only blurred for a moment.

import { MARGIN, type Ink } from './axes';
import { AxesLayer } from './axesLayer';
import { paintBeyond } from './beyondRows';
import { clockMs, FADE_MS, type Drawn } from './messages';
import { plotHeight, xPixel, xValue, yPixel, yValue, type View } from './view';

/** How far from a dot the pointer may be to hover it, in CSS pixels. */
const REACH_PX = 12;

type Dot = { offset: number; duration: number; radius: number };

export type Marks = {
  hovered: Dot | null;
  /** The dot of the trace that is open beside the chart. */
  opened: Dot | null;
  /** A box that is being drawn or is selected: offsets and durations in ns. */
  box: { x0: number; x1: number; y0: number; y1: number } | null;
  /** Durations with a horizontal line, such as p95. */
  levels: { duration: number; label: string }[];
  /** How many traces are longer or shorter than the shown durations. */
  beyond: { above: number; below: number };
};

export type Frame = { view: View; ink: Ink; accent: string; marks: Marks; zeroLabel: string };

export class Painter {
  private picture: Drawn | null = null;
  private readonly axes = new AxesLayer();

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly context = canvas.getContext('2d')!,
  ) {}

  /** Shows a picture. Returns the one before, with its bitmaps closed. */
  show(picture: Drawn): Drawn | null {
    const before = this.picture;
    before?.bitmap.close();
    before?.fresh?.bitmap.close();
    this.picture = picture;
    return before;
  }

  /** Whether dots are still being faded in. */
  get isFading(): boolean {
    return this.picture?.fresh != null && clockMs() - this.picture.fresh.at < FADE_MS;
  }

  get drawn(): Drawn | null {
    return this.picture;
  }

  paint(frame: Frame, density: number): void {
    const { context } = this;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.axes.paint(context, frame.view, frame.ink, frame.zeroLabel, density);
    context.translate(MARGIN.left, MARGIN.top);
    context.save();
    context.beginPath();
    context.rect(0, -MARGIN.top, frame.view.width, frame.view.height + MARGIN.top);
    context.clip();
    this.blit(frame.view, density);
    this.paintMarks(frame);
    context.restore();
  }

  private blit(view: View, density: number): void {
    if (this.picture === null || this.picture.scene.view.isLog !== view.isLog) return;
    const old = this.picture.scene.view;
    const left = xPixel(view, old.x0);
    const right = xPixel(view, old.x1);
    const top = heightOf(view, old.y1);
    const bottom = heightOf(view, old.y0) + (old.height - plotHeight(old));
    const isMoved = Math.abs(right - left - old.width) > 0.01 || Math.abs(bottom - top - old.height) > 0.01;
    this.context.imageSmoothingEnabled = isMoved || this.picture.scene.density !== density;
    // Whole device pixels keep a picture sharp that is only shifted.
    const snap = (value: number) => (isMoved ? value : Math.round(value * density) / density);
    const box = [snap(left), snap(top), right - left, bottom - top] as const;
    this.context.drawImage(this.picture.bitmap, ...box);
    if (this.picture.fresh === null) return;
    this.context.globalAlpha = Math.min(1, Math.max(0, (clockMs() - this.picture.fresh.at) / FADE_MS));
    this.context.drawImage(this.picture.fresh.bitmap, ...box);
    this.context.globalAlpha = 1;
  }

  private paintMarks({ view, marks, accent, ink }: Frame): void {
    const { context } = this;
    paintBeyond(context, view, ink, marks.beyond);
    for (const { duration, label } of marks.levels) this.paintLevel(view, duration, label, ink);
    if (marks.box) {
      const [x0, x1] = [xPixel(view, marks.box.x0), xPixel(view, marks.box.x1)];
      const [y0, y1] = [yPixel(view, marks.box.y1), marks.box.y0 < 1 ? view.height : yPixel(view, marks.box.y0)];
      context.fillStyle = accent;
      context.globalAlpha = 0.1;
      context.fillRect(x0, y0, x1 - x0, y1 - y0);
      context.globalAlpha = 1;
      context.strokeStyle = accent;
      context.lineWidth = 1.5;
      context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    }
    if (marks.opened) this.paintRing(view, marks.opened, accent);
    if (marks.hovered) this.paintRing(view, marks.hovered, ink.text);
  }

  private paintRing(view: View, { offset, duration, radius }: Dot, colour: string): void {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(xPixel(view, offset), yPixel(view, duration), radius + 3, 0, 2 * Math.PI);
    context.stroke();
  }

  private paintLevel(view: View, duration: number, label: string, ink: Ink): void {
    const { context } = this;
    const y = Math.round(yPixel(view, duration)) + 0.5;
    if (y < 0 || y > plotHeight(view)) return;
    context.strokeStyle = ink.soft;
    context.lineWidth = 1;
    context.setLineDash([6, 4]);
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(view.width, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = ink.soft;
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    context.fillText(label, view.width - 6, y - 3);
  }

  /** The slot of the dot at a point of the plot, or of the nearest one within reach; -1 for none. */
  slotAt(view: View, px: number, py: number): number {
    if (this.picture === null) return -1;
    const { scene, ids, width, height } = this.picture;
    const old = scene.view;
    const x = Math.round(xPixel(old, xValue(view, px)) * scene.density);
    const y = Math.round(yOf(old, view, py) * scene.density);
    return nearestId(ids, width, height, x, y, Math.round(REACH_PX * scene.density)) - 1;
  }
}

function yOf(old: View, view: View, py: number): number {
  if (view.isLog && py > plotHeight(view)) return old.height - (view.height - py);
  return yPixel(old, Math.max(1, yValue(view, py)));
}

/** The pixel of a value on the axis; on a logarithmic axis the value is the logarithm. */
function heightOf(view: View, value: number): number {
  return plotHeight(view) * (1 - (value - view.y0) / (view.y1 - view.y0));
}

/** Searches in growing rings, so that the nearest dot wins. */
export function nearestId(ids: Uint32Array, width: number, height: number, x: number, y: number, reach: number): number {
  for (let ring = 0; ring <= reach; ring += 1) {
    for (let dy = -ring; dy <= ring; dy += 1) {
      const isEdgeRow = Math.abs(dy) === ring;
      for (let dx = -ring; dx <= ring; dx += isEdgeRow ? 1 : 2 * ring || 1) {
        const [px, py] = [x + dx, y + dy];
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        const id = ids[py * width + px];
        if (id !== 0) return id;
      }
    }
  }
  return 0;
}
