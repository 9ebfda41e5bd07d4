// The chart of traces by start and duration: a canvas, and a live region that tells screen readers about the focused dot.

import { useCallback, useEffect, useRef, useState } from 'react';

import { formatDuration, speakDuration } from '../format/duration';
import { formatCount, plural } from '../format/number';
import { currentScope } from '../live/currentScope';
import { useLive, useLiveState } from '../live/LiveContext';
import type { LiveTraces } from '../live/liveTraces';
import { probe } from '../perf/perf';
import { useTheme } from '../theme/theme';
import { msOfOffset, offsetOfMs } from '../traces/clock';
import { FLAG_ERROR, FLAG_ROOTLESS } from '../traces/delta';
import type { DurationFit } from '../traces/durationFit';
import { slotsIn } from '../traces/scope';
import { serviceName } from '../traces/services';
import type { TraceTable } from '../traces/table';
import { useUrl } from '../url/location';
import { MARGIN } from './axes';
import { ScatterController } from './controller';
import { Gestures } from './gestures';
import { hoverAt, hoverOf } from './hover';
import { HoverCard, type Hover } from './HoverCard';
import styles from './Scatter.module.css';
import { useChartKeys } from './useChartKeys';

type Props = {
  /** The one service in full colour; -1 for all. */
  highlight: number;
  /** Shown traces with an error. */
  errors: number;
  /** Traces that are longer or shorter than the shown durations. */
  beyond: { above: number; below: number };
  /** The durations that the axis is fitted to. */
  fit: DurationFit;
  /** The duration of the p95 line; `null` for none. */
  p95: number | null;
  isBoxTool: boolean;
  onBoxDone: () => void;
  onOpen: (traceId: string, isNewTab: boolean) => void;
};

export function Scatter({ highlight, errors, beyond, fit, p95, isBoxTool, onBoxDone, onOpen }: Props) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const chartRef = useRef<ScatterController | null>(null);
  const boxTool = useRef(isBoxTool);
  boxTool.current = isBoxTool;
  const [hover, setHover] = useState<Hover | null>(null);
  const dismissed = useRef(-1);
  const hovered = useRef<Hover | null>(null);
  const [spoken, setSpoken] = useState('');
  const live = useLive();
  const { table } = live;
  const url = useUrl();
  const theme = useTheme();
  const { server } = useLiveState();

  const show = useCallback((next: Hover | null) => {
    hovered.current = next;
    setHover((now) => (isSamePlace(now, next) ? now : next));
    const chart = chartRef.current;
    if (chart === null) return;
    chart.marks.hovered = next && markOf(table, next.slot);
    chart.invalidate();
  }, [table]);

  useEffect(() => {
    const canvas = canvasRef.current!;
    const chart = new ScatterController(canvas, table, () => show(null));
    chartRef.current = chart;
    const gestures = new Gestures(canvas, chart, {
      isBoxTool: () => boxTool.current,
      onHover: (px, py) => {
        const next = hoverAt(live, chart, px, py);
        // A card that was closed stays closed until the pointer is on another dot.
        if (next?.slot !== dismissed.current) dismissed.current = -1;
        show(dismissed.current === -1 ? next : null);
      },
      onLeave: () => show(null),
      onClick: (event, px, py) => {
        const slot = chart.slotAt(px, py);
        if (slot >= 0) onOpen(table.ids[slot], event.button === 1 || event.ctrlKey || event.metaKey);
      },
    });
    const resize = new ResizeObserver(([entry]) => chart.resize(entry.contentRect.width, entry.contentRect.height));
    resize.observe(canvas.parentElement!);
    const forget = live.onTableChange((change) => {
      chart.tableChanged(change);
      const slot = hovered.current?.slot;
      // A dot moves when the root of its trace arrives; its ring and its card go with it.
      if (slot === undefined || !change.slots.includes(slot)) return;
      show(table.alive[slot] === 0 ? null : { ...hovered.current!, ...hoverOf(table, slot, chart.view()) });
    });
    exposeChart(live, chart);
    return () => {
      resize.disconnect();
      forget();
      gestures.close();
      chart.close();
      chartRef.current = null;
    };
  }, [live, table, show, onOpen]);

  useEffect(() => {
    const chart = chartRef.current!;
    chart.marks.box = url.selection && boxOffsets(url.selection);
    const levels = p95 === null ? [] : [{ duration: p95, label: `p95 ${formatDuration(p95)}` }];
    chart.setInputs({ url, theme, windowNs: server?.windowNs ?? null, highlight, levels, beyond, fit, zeroLabel: server?.info ? '0' : '< 1 ms' });
  }, [url, theme, server, highlight, p95, beyond, fit]);

  // Escape closes the card wherever the focus is (WCAG 1.4.13).
  const hoveredSlot = hover?.slot ?? -1;
  useEffect(() => {
    if (hoveredSlot < 0) return undefined;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Escape closes only the topmost thing.
      event.stopPropagation();
      dismissed.current = hoveredSlot;
      show(null);
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [hoveredSlot, show]);

  useEffect(() => {
    if (url.selection !== null) onBoxDone();
  }, [url.selection, onBoxDone]);

  const onKeyDown = useChartKeys(live, chartRef, hover, (next) => {
    show(next);
    setSpoken(next === null ? 'No dot in this direction.' : describe(table, next.slot));
  });

  return (
    <div className={styles['plot']} data-tool={isBoxTool ? 'box' : 'pan'}>
      <canvas
        ref={canvasRef}
        className={styles['canvas']}
        role="application"
        tabIndex={0}
        aria-label="Traces by start time and duration"
        aria-describedby="chart-help chart-summary"
        onKeyDown={onKeyDown}
        onBlur={() => show(null)}
      />
      <p id="chart-help" className="visually-hidden">
        Arrow keys walk from dot to dot, Enter opens the trace, n and Shift+N walk the errors, plus and minus zoom, w a s d pan, 0
        resets. The table below has the same traces.
      </p>
      <ChartSummary held={table.rooted} rootless={table.count - table.rooted} errors={errors} />
      <div className="visually-hidden" aria-live="polite">
        {spoken}
      </div>
      {hover && <HoverCard hover={hover} hasKeys={document.activeElement === canvasRef.current} />}
    </div>
  );
}

function ChartSummary({ held, rootless, errors }: { held: number; rootless: number; errors: number }) {
  const shown = `${plural(held, 'trace')}${rootless > 0 ? ` + ${formatCount(rootless)} without a root` : ''} held, ${formatCount(errors)} with errors in view`;
  return (
    <p id="chart-summary" className="visually-hidden">
      {shown}
    </p>
  );
}

function isSamePlace(some: Hover | null, other: Hover | null): boolean {
  return some?.slot === other?.slot && some?.rank === other?.rank && some?.start === other?.start && some?.duration === other?.duration;
}

function markOf(table: TraceTable, slot: number) {
  return { offset: table.start[slot], duration: table.duration[slot], radius: hoverOf(table, slot).radius };
}

function boxOffsets(box: { x0: number; x1: number; y0: number; y1: number }) {
  return { x0: offsetOfMs(box.x0), x1: offsetOfMs(box.x1), y0: box.y0, y1: box.y1 };
}

function describe(table: TraceTable, slot: number): string {
  const status = (table.flags[slot] & FLAG_ERROR ? ', error' : '') + (table.flags[slot] & FLAG_ROOTLESS ? ', no root' : '');
  const name = `${serviceName(table.service[slot])} ${table.operations[slot]}`;
  return `${name}, ${speakDuration(table.duration[slot])}, ${plural(table.spans[slot], 'span')}${status}, one of ${formatCount(table.count)}`;
}

/** Tells tests what is drawn, and where. */
function exposeChart(live: LiveTraces, chart: ScatterController): void {
  const { table } = live;
  probe('dots', () => chart.drawn()?.drawn ?? 0);
  probe('updates', () => chart.updates());
  probe('held', () => table.ids.filter((id) => id !== ''));
  probe('view', () => {
    const { x0, x1, y0, y1, isLog, width, height } = chart.view();
    return { fromMs: msOfOffset(x0), toMs: msOfOffset(x1), y0, y1, isLog, width, height, left: MARGIN.left, top: MARGIN.top };
  });
  probe('dotPositions', (most: number) => {
    const slots = slotsIn(table, currentScope(live)).slice(0, most ?? 100);
    const view = chart.view();
    return slots.map((slot) => hoverOf(table, slot, view)).map(({ x, y, slot }) => ({ x, y, id: table.ids[slot], failed: table.flags[slot] & FLAG_ERROR }));
  });
}
