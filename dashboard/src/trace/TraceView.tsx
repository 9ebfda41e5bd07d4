// A loaded trace: header, minimap, waterfall and details, and the shortcuts for them.

import { useMemo, useRef, useState } from 'react';

import { probe } from '../perf/perf';
import { Button } from '../ui/Button';
import { replaceUrl, urlGesture, useUrl } from '../url/location';
import { SpanDetail } from './detail/SpanDetail';
import type { LoadedTrace } from './model/loading';
import { countSkewed, shiftedStarts } from './model/skew';
import { modelOf, type TraceModel } from './model/traceModel';
import { Splitter } from './Splitter';
import styles from './Trace.module.css';
import { TraceHeader } from './TraceHeader';
import { TraceToolbar } from './TraceToolbar';
import { useTraceKeys } from './useTraceKeys';
import { Minimap } from './waterfall/Minimap';
import { Treegrid } from './waterfall/Treegrid';
import { useMatches } from './waterfall/useMatches';
import { useWaterfall } from './waterfall/useWaterfall';
import { zoomAround, type Zoom } from './waterfall/zoom';

/** The width that details need, and the share of a small screen that they may take. */
const SIDE_PX = 400;
const SIDE_SHARE_MAX = 42;
const sideShareAtStart = (): number => Math.min(SIDE_SHARE_MAX, Math.round((100 * SIDE_PX) / innerWidth));
/** Turns of the wheel with shorter pauses are one step for Back. */
const WHEEL_IDLE_MS = 500;
const [writeDrag, writeWheel] = [urlGesture(), urlGesture(WHEEL_IDLE_MS)];

type Props = { loaded: LoadedTrace; isBeside: boolean; onReload: () => void };

export function TraceView({ loaded, isBeside, onReload }: Props) {
  const url = useUrl();
  const recorded = useMemo(() => modelOf(loaded.columns), [loaded]);
  const skewed = useMemo(() => countSkewed(recorded.columns, recorded.forest), [recorded]);
  // Shifted times are only drawn: details and sums use the recorded ones.
  const model = useMemo(() => (url.shiftsClocks && skewed > 0 ? shifted(recorded) : recorded), [recorded, skewed, url.shiftsClocks]);
  const findRef = useRef<HTMLInputElement>(null);
  const matches = useMatches(loaded, model, url.find, url.marksSlowest);
  const waterfall = useWaterfall(model, matches);
  const { selectedRow, shown } = waterfall;
  const [sideShare, setSideShare] = useState(sideShareAtStart);

  const whole = model.drawn.to - model.drawn.from;
  const zoom: Zoom = url.zoom ?? { from: 0, to: whole };
  const view = { from: model.drawn.from + zoom.from, to: model.drawn.from + zoom.to };
  const onZoom = (next: Zoom | null, isDone: boolean) => writeDrag({ zoom: next }, isDone);
  const zoomAt = (at: number, factor: number) => writeWheel({ zoom: zoomAround(zoom, at - model.drawn.from, factor, whole) }, false);

  useTraceKeys({ model, zoom, whole, waterfall, matches, findRef, onZoom, onReload });
  // The button that is pressed disappears with its spans, so the focus moves to the rows first.
  const takeNew = () => {
    waterfall.takeFocus();
    onReload();
  };
  probe('rows', () => shown.count);
  const Screen = isBeside ? 'section' : 'main';
  return (
    <Screen id={isBeside ? undefined : 'main'} className={styles['screen']}>
      <TraceHeader loaded={loaded} model={recorded} isBeside={isBeside} onReload={takeNew} />
      <Minimap model={model} zoom={url.zoom} matches={matches.by} showsPath={url.criticalPath} onZoom={onZoom} />
      <TraceToolbar
        model={model}
        matches={matches}
        current={matches.rows.indexOf(selectedRow)}
        pruned={shown.pruned}
        skewed={skewed}
        findRef={findRef}
        onStep={waterfall.stepMatch}
        onLeave={waterfall.takeFocus}
        onNextError={waterfall.nextError}
        onLevel={waterfall.openLevels}
      />
      <div className={styles['body']} data-splits>
        <div className={styles['waterfall']} data-splits>
          <Treegrid
            loaded={loaded}
            model={model}
            shown={shown}
            closed={waterfall.closed}
            unfolded={waterfall.unfolded}
            focus={waterfall.focus}
            selectedRow={selectedRow}
            matches={matches.by}
            find={url.find}
            dimsOthers={url.find !== '' || url.marksSlowest}
            showsPath={url.criticalPath}
            view={view}
            nameShare={waterfall.nameShare}
            onFocus={waterfall.focusIndex}
            onToggle={waterfall.toggle}
            onSelect={waterfall.select}
            onZoom={zoomAt}
          />
          {shown.count === 0 && (
            <p className={styles['nothing']}>
              No span matches. <Button onClick={() => replaceUrl({ onlyMatches: false })}>Show all spans</Button>
            </p>
          )}
          <Splitter share={waterfall.nameShare} least={15} most={75} label="Width of the names" onShare={waterfall.setNameShare} />
        </div>
        {selectedRow >= 0 && (
          <div className={styles['side']} style={{ '--side-width': `${sideShare}%` } as React.CSSProperties}>
            <Splitter share={100 - sideShare} least={25} most={85} label="Width of the details" isAtEdge onShare={(share) => setSideShare(100 - share)} />
            <SpanDetail loaded={loaded} model={recorded} row={selectedRow} onClose={() => waterfall.select(-1)} onGo={waterfall.go} onLeave={waterfall.takeFocus} />
          </div>
        )}
      </div>
    </Screen>
  );
}

function shifted({ columns, forest }: TraceModel): TraceModel {
  return modelOf({ ...columns, start: shiftedStarts(columns, forest) });
}
