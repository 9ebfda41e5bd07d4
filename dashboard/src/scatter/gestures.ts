// Handles pointer and wheel on the chart: zoom, pan, box, click. A gesture shows its view at once, and puts it into the
// address when it ends.

import { msOfOffset } from '../traces/clock';
import { pushUrl, urlState, type replaceUrl } from '../url/location';
import { MARGIN } from './axes';
import type { ScatterController } from './controller';
import { panBy, xValue, yValue, zoomAt, type View } from './view';

/** Turns of the wheel with shorter pauses are one step for Back. */
const WHEEL_COMMIT_MS = 150;
/** A press that moves less is a click. */
const CLICK_PX = 4;
const ZOOM_PER_PIXEL = 0.0015;

export type GestureHooks = {
  /** Whether the box tool is on. */
  isBoxTool: () => boolean;
  onHover: (px: number, py: number) => void;
  onLeave: () => void;
  onClick: (event: MouseEvent, px: number, py: number) => void;
};

type Pinch = { view: View; distance: number; x: number; y: number };
type Drag = { kind: 'pan' | 'box'; startX: number; startY: number; view: View; moved: boolean };

export class Gestures {
  private drag: Drag | null = null;
  private pinch: Pinch | null = null;
  /** The positions of the pressed pointers, by id. */
  private readonly fingers = new Map<number, [number, number]>();
  private wheelTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly listening = new AbortController();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly chart: ScatterController,
    private readonly hooks: GestureHooks,
  ) {
    const options = { signal: this.listening.signal };
    canvas.addEventListener('wheel', this.onWheel, { ...options, passive: false });
    canvas.addEventListener('pointerdown', this.onDown, options);
    canvas.addEventListener('pointermove', this.onMove, options);
    canvas.addEventListener('pointerup', this.onUp, options);
    canvas.addEventListener('pointercancel', this.onCancel, options);
    canvas.addEventListener('pointerleave', () => this.hooks.onLeave(), options);
    canvas.addEventListener('auxclick', this.onMiddle, options);
    canvas.addEventListener('dblclick', () => resetView(), options);
  }

  close(): void {
    clearTimeout(this.wheelTimer);
    this.listening.abort();
  }

  private plotPoint(event: MouseEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left - MARGIN.left, event.clientY - box.top - MARGIN.top];
  }

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const [px, py] = this.plotPoint(event);
    // With Shift some systems report a horizontal turn.
    const pixels = (event.deltaY || event.deltaX) * (event.deltaMode === 1 ? 16 : 1);
    const factor = Math.exp(pixels * ZOOM_PER_PIXEL);
    const isY = event.shiftKey || event.ctrlKey || event.metaKey;
    const next = this.chart.bounded(zoomAt(this.chart.view(), px, py, event.shiftKey ? 1 : factor, isY ? factor : 1));
    this.chart.preview(next);
    clearTimeout(this.wheelTimer);
    this.wheelTimer = setTimeout(() => commitView(next, isY), WHEEL_COMMIT_MS);
  };

  private readonly onDown = (event: PointerEvent): void => {
    // Prevents the browser's scrolling by the middle button.
    if (event.button === 1) event.preventDefault();
    if (event.button !== 0) return;
    const [startX, startY] = this.plotPoint(event);
    const kind = event.altKey || this.hooks.isBoxTool() ? 'box' : 'pan';
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [startX, startY]);
    if (this.fingers.size === 2) {
      this.drag = null;
      this.pinch = this.beginPinch();
      return;
    }
    this.drag = { kind, startX, startY, view: this.chart.view(), moved: false };
  };

  private readonly onMove = (event: PointerEvent): void => {
    const [px, py] = this.plotPoint(event);
    const { drag } = this;
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, [px, py]);
    if (this.pinch !== null) {
      this.chart.preview(pinched(this.pinch, this.spread()));
      return;
    }
    if (drag === null) {
      this.hooks.onHover(px, py);
      return;
    }
    drag.moved ||= Math.hypot(px - drag.startX, py - drag.startY) >= CLICK_PX;
    if (!drag.moved) return;
    this.hooks.onLeave();
    if (drag.kind === 'pan') this.chart.preview(this.panned(drag, px, py));
    else {
      this.chart.marks.box = boxOf(drag, px, py);
      this.chart.invalidate();
    }
  };

  private readonly onMiddle = (event: MouseEvent): void => {
    if (event.button !== 1) return;
    event.preventDefault();
    this.hooks.onClick(event, ...this.plotPoint(event));
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { drag } = this;
    this.drag = null;
    if (this.endPinch(event.pointerId) || drag === null) return;
    const [px, py] = this.plotPoint(event);
    if (!drag.moved) this.hooks.onClick(event, px, py);
    else if (drag.kind === 'pan') commitView(this.panned(drag, px, py), this.isZoomedY());
    else commitBox(boxOf(drag, px, py));
  };

  private readonly onCancel = (event: PointerEvent): void => {
    const { drag } = this;
    this.drag = null;
    if (this.endPinch(event.pointerId)) return;
    if (drag?.moved && drag.kind === 'pan') commitView(this.chart.view(), this.isZoomedY());
  };

  private beginPinch(): Pinch {
    const [[x0, y0], [x1, y1]] = [...this.fingers.values()] as [[number, number], [number, number]];
    return { view: this.chart.view(), distance: this.spread(), x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
  }

  private spread(): number {
    const [[x0, y0], [x1, y1]] = [...this.fingers.values()] as [[number, number], [number, number]];
    return Math.max(1, Math.hypot(x1 - x0, y1 - y0));
  }

  /** Ends a pinch when a finger lifts; the other finger then does nothing. Returns whether there was a pinch. */
  private endPinch(pointerId: number): boolean {
    this.fingers.delete(pointerId);
    if (this.pinch === null) return false;
    this.pinch = null;
    commitView(this.chart.view(), false);
    return true;
  }

  /** Pans up and down only where the durations are zoomed. */
  private panned(drag: Drag, px: number, py: number): View {
    return this.chart.bounded(panBy(drag.view, px - drag.startX, this.isZoomedY() ? py - drag.startY : 0));
  }

  private isZoomedY(): boolean {
    return urlState().yRange !== null;
  }
}

const pinched = ({ view, distance, x, y }: Pinch, spread: number): View => zoomAt(view, x, y, distance / spread, 1);

function boxOf(drag: Drag, px: number, py: number) {
  const { view } = drag;
  const [left, right] = [Math.min(drag.startX, px), Math.max(drag.startX, px)];
  const [top, bottom] = [Math.min(drag.startY, py), Math.max(drag.startY, py)];
  return { x0: xValue(view, left), x1: xValue(view, right), y0: yValue(view, bottom), y1: yValue(view, Math.max(0, top)) };
}

function commitBox(box: { x0: number; x1: number; y0: number; y1: number }): void {
  pushUrl({ selection: { x0: msOfOffset(box.x0), x1: msOfOffset(box.x1), y0: Math.floor(box.y0), y1: Math.ceil(box.y1) } });
}

/** Puts a view into the address as a fixed range: the chart no longer follows the clock. */
export function commitView(view: View, withY: boolean, write: typeof replaceUrl = pushUrl): void {
  const range = { from: msOfOffset(view.x0), to: msOfOffset(view.x1) };
  const y = (value: number) => (view.isLog ? 10 ** value : Math.max(0, value));
  write({ range, live: false, ...(withY ? { yRange: { min: y(view.y0), max: y(view.y1) } } : {}) });
}

export function resetView(): void {
  pushUrl({ range: null, yRange: null, selection: null, live: true });
}
