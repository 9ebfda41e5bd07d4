// A trace that is there: header, minimap, waterfall, details, and the keys that move through them.

import { useMemo, useRef } from 'react';

import { probe } from '../perf/perf';
import { urlGesture, useUrl } from '../url/location';
import type { LoadedTrace } from './loading';
import { Minimap } from './Minimap';
import { modelOf, type TraceModel } from './model';
import { countSkewed, shiftedStarts } from './skew';
import { SpanDetail } from './SpanDetail';
import { Splitter } from './Splitter';
import styles from './Trace.module.css';
import { TraceHeader } from './TraceHeader';
import { TraceToolbar } from './TraceToolbar';
import { Treegrid } from './Treegrid';
import { useMatches } from './useMatches';
import { useTraceKeys } from './useTraceKeys';
import { useWaterfall } from './useWaterfall';
import { zoomAround, type Zoom } from './zoom';

/** Turns of the wheel that follow each other this closely are one step for Back. */
const WHEEL_IDLE_MS = 500;
const [writeDrag, writeWheel] = [urlGesture(), urlGesture(WHEEL_IDLE_MS)];

type Props = { loaded: LoadedTrace; isBeside: boolean; onReload: () => void };

export function TraceView({ loaded, isBeside, onReload }: Props) {
  const url = useUrl();
  const recorded = useMemo(() => modelOf(loaded.columns), [loaded]);
  const skewed = useMemo(() => countSkewed(recorded.columns, recorded.forest), [recorded]);
  // Only for the eye: details and sums speak of what was recorded.
  const model = useMemo(() => (url.shiftsClocks && skewed > 0 ? shifted(recorded) : recorded), [recorded, skewed, url.shiftsClocks]);
  const findRef = useRef<HTMLInputElement>(null);
  const matches = useMatches(loaded, model, url.find, url.marksSlowest);
  const waterfall = useWaterfall(model, matches);
  const { selectedRow, shown } = waterfall;

  const whole = model.extent.to - model.extent.from;
  const zoom: Zoom = url.zoom ?? { from: 0, to: whole };
  const view = { from: model.extent.from + zoom.from, to: model.extent.from + zoom.to };
  const onZoom = (next: Zoom | null, isDone: boolean) => writeDrag({ zoom: next }, isDone);
  const zoomAt = (at: number, factor: number) => writeWheel({ zoom: zoomAround(zoom, at - model.extent.from, factor, whole) }, false);

  useTraceKeys({ model, zoom, whole, waterfall, matches, findRef, onZoom, onReload });
  probe('rows', () => shown.count);
  const Screen = isBeside ? 'section' : 'main';
  return (
    <Screen id={isBeside ? undefined : 'main'} className={styles['screen']}>
      <TraceHeader loaded={loaded} model={recorded} isBeside={isBeside} onReload={onReload} />
      <Minimap model={model} zoom={url.zoom} matches={matches.by} showsPath={url.criticalPath} onZoom={onZoom} />
      <TraceToolbar
        model={model}
        matches={matches}
        current={matches.rows.indexOf(selectedRow)}
        pruned={shown.pruned}
        skewed={skewed}
        findRef={findRef}
        onStep={waterfall.stepMatch}
        onNextError={waterfall.nextError}
        onLevel={waterfall.openLevels}
      />
      <div className={styles['body']}>
        <div className={styles['waterfall']}>
          <Treegrid
            loaded={loaded}
            model={model}
            shown={shown}
            closed={waterfall.closed}
            unfolded={waterfall.unfolded}
            focus={waterfall.focus}
            selectedRow={selectedRow}
            matches={matches.by}
            dimsOthers={url.find !== '' || url.marksSlowest}
            showsPath={url.criticalPath}
            view={view}
            nameShare={waterfall.nameShare}
            onFocus={waterfall.focusIndex}
            onToggle={waterfall.toggle}
            onSelect={waterfall.select}
            onZoom={zoomAt}
          />
          <Splitter share={waterfall.nameShare} onShare={waterfall.setNameShare} />
        </div>
        {selectedRow >= 0 && (
          <SpanDetail key={selectedRow} loaded={loaded} model={recorded} row={selectedRow} onClose={() => waterfall.select(-1)} onGo={waterfall.go} />
        )}
      </div>
    </Screen>
  );
}

function shifted({ columns, forest }: TraceModel): TraceModel {
  return modelOf({ ...columns, start: shiftedStarts(columns, forest) });
}
