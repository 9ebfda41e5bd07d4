// Controls the chart outside React: the view and the frames follow the pointer without rendering a component.

import { mark } from '../perf/perf';
import { nowOffset } from '../traces/clock';
import { isFollowing, windowBounds } from '../traces/range';
import type { Change, TraceTable } from '../traces/table';
import { MARGIN, type Ink } from './axes';
import { areSameDots, sceneOf, viewOf, type ChartInputs } from './chartInputs';
import { radiusOf } from './masks';
import type { Drawn } from './messages';
import { Painter, type Marks } from './painter';
import type { Scene } from './raster';
import { RasterClient } from './rasterClient';
import { inside, type View } from './view';

/** During a gesture dots are drawn with one pixel for each CSS pixel; after this pause they are drawn sharp. */
const SHARPEN_MS = 120;
/** While the chart follows the clock, dots are drawn again this often; in between the picture is shifted. */
const SLIDE_MS = 250;

export class ScatterController {
  private readonly painter: Painter;
  private readonly client: RasterClient;
  private inputs: ChartInputs | null = null;
  private size = { width: 0, height: 0 };
  /** The longest trace that arrived after the axis was fitted. */
  private longest = 0;
  /** The view of a gesture that is not in the address yet. */
  private gesture: View | null = null;
  private frameAsked = false;
  private slideTimer: ReturnType<typeof setTimeout> | undefined;
  private sharpenTimer: ReturnType<typeof setTimeout> | undefined;
  private ink: Ink | null = null;
  private accent = '';
  private drawnAt = 0;
  marks: Pick<Marks, 'hovered' | 'box'> = { hovered: null, box: null };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly table: TraceTable,
    private readonly onView: () => void,
  ) {
    this.painter = new Painter(canvas);
    this.client = new RasterClient((drawn) => this.received(drawn));
    this.client.update(table, 'all');
  }

  close(): void {
    clearTimeout(this.slideTimer);
    clearTimeout(this.sharpenTimer);
    this.client.close();
    this.inputs = null;
  }

  setInputs(inputs: ChartInputs): void {
    const before = this.inputs;
    if (inputs.theme !== before?.theme) this.ink = null;
    // A gesture ends when the address has changed; other inputs may change during it.
    if (inputs.url !== before?.url) this.gesture = null;
    if (inputs.fit !== before?.fit) this.longest = 0;
    this.inputs = inputs;
    if (before !== null && areSameDots(inputs, before)) this.invalidate();
    else this.redraw();
  }

  resize(width: number, height: number): void {
    this.size = { width: Math.max(50, width - MARGIN.left - MARGIN.right), height: Math.max(50, height - MARGIN.top - MARGIN.bottom) };
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.redraw();
    this.frame();
  }

  tableChanged(change: Change): void {
    this.client.update(this.table, change);
    // The axis grows at once where a new trace is longer than all before.
    for (const slot of change.slots) this.longest = Math.max(this.longest, this.table.alive[slot] * this.table.duration[slot]);
    this.redraw();
  }

  /** The view on the screen now, which during a gesture is that of the gesture. */
  view(): View {
    return this.gesture ?? viewOf(this.inputs!, this.longest, this.size);
  }

  get isReady(): boolean {
    return this.inputs !== null && this.size.width > 0;
  }

  /** Shows a view before it is in the address. */
  preview(view: View): void {
    this.gesture = this.bounded(view);
    this.redraw();
    this.onView();
  }

  /** The view moved and cut to the window. */
  bounded(view: View): View {
    return inside(view, windowBounds(this.inputs!.windowNs, nowOffset()));
  }

  slotAt(px: number, py: number): number {
    return this.painter.slotAt(this.view(), px, py);
  }

  /** How many updates of the table were sent to the worker, and how many the shown picture contains. */
  updates(): { sent: number; shown: number } {
    return { sent: this.client.updates, shown: this.painter.drawn?.updates ?? 0 };
  }

  drawn(): Drawn | null {
    return this.painter.drawn;
  }

  invalidate(): void {
    if (this.frameAsked) return;
    this.frameAsked = true;
    requestAnimationFrame(() => {
      this.frameAsked = false;
      this.frame();
    });
  }

  /** Asks for a picture of the dots, for a sharp one after a gesture, and for a frame at once. */
  private redraw(): void {
    if (!this.isReady) return;
    clearTimeout(this.sharpenTimer);
    const isMoving = this.gesture !== null && devicePixelRatio > 1;
    this.client.draw(this.scene(isMoving ? 1 : devicePixelRatio));
    if (isMoving) this.sharpenTimer = setTimeout(() => this.client.draw(this.scene(devicePixelRatio)), SHARPEN_MS);
    this.drawnAt = performance.now();
    this.invalidate();
  }

  private scene(density: number): Scene {
    return sceneOf(this.inputs!, this.view(), density);
  }

  private received(drawn: Drawn): void {
    if (this.inputs === null) return;
    const before = this.painter.show(drawn);
    if (before !== null) this.client.reuse(before.ids);
    if (drawn.drawn > 0) mark('dots');
    this.frame();
  }

  private frame(): void {
    if (!this.isReady) return;
    const { levels, beyond, zeroLabel, url } = this.inputs!;
    const view = this.view();
    this.ink ??= this.readInk();
    const marks = { ...this.marks, levels, beyond, opened: this.dotOf(url.beside) };
    this.painter.paint({ view, ink: this.ink, accent: this.accent, zeroLabel, marks }, devicePixelRatio);
    if (this.painter.isFading) this.invalidate();
    if (this.gesture === null && isFollowing(url)) this.slide(view);
  }

  /** The dot of the trace that is open beside the chart. */
  private dotOf(id: string | null): Marks['opened'] {
    const slot = id === null ? undefined : this.table.find(id);
    if (slot === undefined) return null;
    return { offset: this.table.start[slot], duration: this.table.duration[slot], radius: radiusOf(this.table.spans[slot]) };
  }

  /** Schedules the next frame of a chart that follows the clock: when the picture has moved by half a pixel. */
  private slide(view: View): void {
    clearTimeout(this.slideTimer);
    if (document.hidden) return;
    const msPerPixel = (view.x1 - view.x0) / 1e6 / view.width / devicePixelRatio;
    const pause = Math.min(1000, msPerPixel / 2);
    if (performance.now() - this.drawnAt > Math.max(SLIDE_MS, msPerPixel)) this.redraw();
    else if (pause < 16) this.invalidate();
    else this.slideTimer = setTimeout(() => this.invalidate(), pause);
  }

  private readInk(): Ink {
    const style = getComputedStyle(this.canvas);
    const read = (name: string) => style.getPropertyValue(name).trim();
    this.accent = read('--accent');
    const font = `12px ${read('--sans')}`;
    return { grid: read('--grid'), line: read('--line'), soft: read('--soft'), text: read('--text'), font };
  }
}
