// The minimap: the whole trace above the waterfall. The interval chosen on it is what the waterfall shows.

import { useEffect, useRef } from 'react';

import { speakDuration } from '../../format/duration';
import { useTheme } from '../../theme/theme';
import { RangeBrush } from '../../ui/RangeBrush';
import type { TraceModel } from '../model/traceModel';
import { drawMinimap } from './drawMinimap';
import styles from './Minimap.module.css';
import type { Zoom } from './zoom';

type Props = {
  model: TraceModel;
  zoom: Zoom | null;
  matches: Uint8Array | null;
  showsPath: boolean;
  onZoom: (zoom: Zoom | null, isDone: boolean) => void;
};

export function Minimap({ model, zoom, matches, showsPath, onZoom }: Props) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const whole = model.drawn.to - model.drawn.from;
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

  return (
    <RangeBrush whole={whole} part={zoom} onPart={onZoom} speak={speakDuration} label="The whole trace" className={styles['map']}>
      <canvas ref={canvasRef} className={styles['canvas']} aria-hidden="true" />
    </RangeBrush>
  );
}
