// Keeps grid and labels as an image, which is drawn again only when they change: fading dots need many frames.

import { drawAxes, MARGIN, type Ink } from './axes';
import type { View } from './view';

export class AxesLayer {
  private readonly canvas = document.createElement('canvas');
  private drawn = { look: '', ink: null as Ink | null };

  /** `context` has to have one unit for each CSS pixel, and its origin in the corner of the canvas. */
  paint(context: CanvasRenderingContext2D, view: View, ink: Ink, zeroLabel: string, density: number): void {
    const { width, height } = context.canvas;
    const look = [lookOf(view, density), zeroLabel, width, height].join();
    if (look !== this.drawn.look || ink !== this.drawn.ink) this.draw(width, height, density, view, ink, zeroLabel);
    this.drawn = { look, ink };
    context.drawImage(this.canvas, 0, 0, width / density, height / density);
  }

  private draw(width: number, height: number, density: number, view: View, ink: Ink, zeroLabel: string): void {
    // Setting the size also clears the canvas.
    Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext('2d')!;
    context.setTransform(density, 0, 0, density, MARGIN.left * density, MARGIN.top * density);
    drawAxes(context, view, ink, zeroLabel);
  }
}

/** Equal for views whose grids lie on the same pixels. */
function lookOf({ x0, x1, y0, y1, isLog, width, height }: View, density: number): string {
  const perPixel = (x1 - x0) / width / density;
  return [Math.round(x0 / perPixel), x1 - x0, y0, y1, isLog, width, height].join();
}
