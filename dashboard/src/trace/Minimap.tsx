// The whole trace above the waterfall. A drag chooses the part below; the handles move by keys too.

import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';

import { formatDuration, speakDuration } from '../format/duration';
import { useTheme } from '../theme/theme';
import { drawMinimap } from './drawMinimap';
import styles from './Minimap.module.css';
import type { TraceModel } from './model';
import { clamped, panned, type Zoom } from './zoom';

type Props = {
  model: TraceModel;
  zoom: Zoom | null;
  matches: Uint8Array | null;
  showsPath: boolean;
  onZoom: (zoom: Zoom | null, isDone: boolean) => void;
};

const CLICK_PX = 3;
const STEP = 0.02;

export function Minimap({ model, zoom, matches, showsPath, onZoom }: Props) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const whole = model.extent.to - model.extent.from;
  useEffect(() => {
    const canvas = canvasRef.current!;
    const draw = () => {
      const { clientWidth: width, clientHeight: height } = canvas;
      canvas.width = width * devicePixelRatio;
      canvas.height = height * devicePixelRatio;
      const context = canvas.getContext('2d')!;
      context.scale(devicePixelRatio, devicePixelRatio);
      const style = getComputedStyle(canvas);
      const ink = { text: style.getPropertyValue('--text').trim(), mark: style.getPropertyValue('--warn').trim() };
      drawMinimap(context, { width, height }, model, theme, ink, matches, showsPath);
    };
    const resize = new ResizeObserver(draw);
    resize.observe(canvas);
    return () => resize.disconnect();
  }, [model, theme, matches, showsPath]);

  const brush = useBrush(whole, zoom, onZoom);
  const shown = zoom ?? { from: 0, to: whole };
  const left = (shown.from / whole) * 100;
  const right = (shown.to / whole) * 100;
  return (
    <div className={styles['map']} {...brush} data-testid="minimap">
      <canvas ref={canvasRef} className={styles['canvas']} aria-hidden="true" />
      {zoom && (
        <>
          <div className={styles['shade']} style={{ left: 0, width: `${left}%` }} />
          <div className={styles['shade']} style={{ left: `${right}%`, right: 0 }} />
        </>
      )}
      <Handle edge="from" shown={shown} whole={whole} onZoom={onZoom} />
      <Handle edge="to" shown={shown} whole={whole} onZoom={onZoom} />
    </div>
  );
}

function useBrush(whole: number, zoom: Zoom | null, onZoom: Props['onZoom']) {
  const start = useRef<{ x: number; at: number; edge: 'from' | 'to' | null } | null>(null);
  const timeAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(whole, Math.max(0, ((event.clientX - box.left) / box.width) * whole));
  };
  const chosen = (event: PointerEvent<HTMLElement>): Zoom | null => {
    const { at, edge } = start.current!;
    const now = timeAt(event);
    const shown = zoom ?? { from: 0, to: whole };
    const fixed = edge === 'from' ? shown.to : edge === 'to' ? shown.from : at;
    return clamped({ from: Math.min(fixed, now), to: Math.max(fixed, now) }, whole);
  };
  const isDrag = (event: PointerEvent<HTMLElement>) => start.current !== null && Math.abs(event.clientX - start.current.x) >= CLICK_PX;
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      const edge = (event.target as HTMLElement).dataset['edge'] as 'from' | 'to' | undefined;
      start.current = { x: event.clientX, at: timeAt(event), edge: edge ?? null };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (isDrag(event)) onZoom(chosen(event), false);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (isDrag(event)) onZoom(chosen(event), true);
      start.current = null;
    },
    onDoubleClick: () => onZoom(null, true),
  };
}

type HandleProps = { edge: 'from' | 'to'; shown: Zoom; whole: number; onZoom: Props['onZoom'] };

function Handle({ edge, shown, whole, onZoom }: HandleProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const by = way * STEP * whole;
    if (event.shiftKey) onZoom(panned(shown, by, whole), true);
    else {
      const moved = { ...shown, [edge]: shown[edge] + by };
      if (moved.to > moved.from) onZoom(clamped({ from: Math.max(0, moved.from), to: Math.min(whole, moved.to) }, whole), true);
    }
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={styles['handle']}
      data-edge={edge}
      style={{ left: `${(shown[edge] / whole) * 100}%` }}
      aria-label={edge === 'from' ? 'Shown from' : 'Shown until'}
      aria-valuemin={0}
      aria-valuemax={whole}
      aria-valuenow={Math.round(shown[edge])}
      aria-valuetext={speakDuration(shown[edge])}
      title={formatDuration(shown[edge])}
      onKeyDown={onKeyDown}
    />
  );
}
