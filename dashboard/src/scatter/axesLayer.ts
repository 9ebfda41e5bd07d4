// Grid and labels as they were drawn last: while dots come up frame by frame, the axes stay as they are.

import { drawAxes, MARGIN, type Ink } from './axes';
import type { View } from './view';

export class AxesLayer {
  private readonly canvas = document.createElement('canvas');
  private drawn = { look: '', ink: null as Ink | null };

  /** `context` has one unit for each CSS pixel, and its corner in that of the canvas. */
  paint(context: CanvasRenderingContext2D, view: View, ink: Ink, zeroLabel: string, density: number): void {
    const { width, height } = context.canvas;
    const look = [lookOf(view, density), zeroLabel, width, height].join();
    if (look !== this.drawn.look || ink !== this.drawn.ink) this.draw(width, height, density, view, ink, zeroLabel);
    this.drawn = { look, ink };
    context.drawImage(this.canvas, 0, 0, width / density, height / density);
  }

  private draw(width: number, height: number, density: number, view: View, ink: Ink, zeroLabel: string): void {
    // Setting a size clears all.
    Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext('2d')!;
    context.setTransform(density, 0, 0, density, MARGIN.left * density, MARGIN.top * density);
    drawAxes(context, view, ink, zeroLabel);
  }
}

/** The same for views whose grids are on the same pixels. */
function lookOf({ x0, x1, y0, y1, isLog, width, height }: View, density: number): string {
  const perPixel = (x1 - x0) / width / density;
  return [Math.round(x0 / perPixel), x1 - x0, y0, y1, isLog, width, height].join();
}
