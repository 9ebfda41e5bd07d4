// Which trace this is, and what can be done with it.

import { Download, Maximize2 } from 'lucide-react';
import { useState } from 'react';

import { describe } from '../api/failure';
import { formatDuration } from '../format/duration';
import { formatCount, plural } from '../format/number';
import { formatLocal, formatUtcNanos } from '../format/time';
import { live, table } from '../live/live';
import { clockSkewMs } from '../traces/clock';
import { serviceName } from '../traces/services';
import { uuidOf } from '../url/ids';
import { hrefWith } from '../url/location';
import { Button } from '../ui/Button';
import { CopyButton } from '../ui/CopyButton';
import { ErrorMark } from '../ui/ErrorMark';
import { LocalLink } from '../ui/LocalLink';
import { Swatch } from '../ui/Swatch';
import { useStore } from '../ui/store';
import ui from '../ui/ui.module.css';
import { useTick } from '../ui/useTick';
import { CloseButton } from './CloseButton';
import { operationOf, type SpanColumns } from './columns';
import { PLACE } from './forest';
import type { LoadedTrace } from './loading';
import type { TraceModel } from './model';
import { exportOtlp } from './otlp';
import styles from './Trace.module.css';

type Props = { loaded: LoadedTrace; model: TraceModel; isBeside: boolean; onReload: () => void };

export function TraceHeader({ loaded, model, isBeside, onReload }: Props) {
  const { columns, forest, root, extent } = model;
  const span = forest.spanOf[root];
  const { server } = useStore(live);
  // The overview has the page's own title.
  const Title = isBeside ? 'h2' : 'h1';
  const startNs = columns.baseNs + BigInt(extent.from);
  return (
    <div className={styles['header']}>
      <div className={styles['titleLine']}>
        <CloseButton isAlone={!isBeside} />
        <Title className={styles['title']}>
          <Swatch place={columns.service[span]} />
          <span className={styles['rootService']}>{serviceName(columns.service[span])}</span>
          <span className={styles['rootOperation']}>{operationOf(columns, span) || '(no name)'}</span>
        </Title>
        <Badges columns={columns} model={model} onReload={onReload} />
        <span className={styles['actions']}>
          {isBeside && (
            <LocalLink className={`${ui['button']} ${ui['icon']}`} href={hrefWith({ trace: columns.traceId, beside: null })} aria-label="Open the trace by itself" title="Open the trace by itself">
              <Maximize2 size={15} />
            </LocalLink>
          )}
          <CopyButton text={columns.traceId} label="Copy the trace id" />
          <ExportButton loaded={loaded} />
          {server && (
            <a className={ui['button']} href={`${server.base}/traces/${uuidOf(columns.traceId)}`} target="_blank" rel="noreferrer">
              JSON
            </a>
          )}
        </span>
      </div>
      <p className={styles['summary']} data-testid="trace-summary">
        <strong>{formatDuration(extent.to - extent.from)}</strong>
        <span>{plural(columns.recorded, 'span')}</span>
        <span>{plural(model.services.length, 'service')}</span>
        <span>depth {formatCount(model.depth)}</span>
        {model.errors > 0 && <ErrorMark text={plural(model.errors, 'error')} />}
        <span title={formatUtcNanos(startNs)}>{formatLocal(Number(startNs / 1_000_000n))}</span>
        <code className={styles['id']}>{columns.traceId}</code>
      </p>
    </div>
  );
}

function Badges({ columns, model, onReload }: { columns: SpanColumns; model: TraceModel; onReload: () => void }) {
  const { version } = useStore(live);
  const now = useTick(1000);
  void version;
  const slot = table.find(columns.traceId);
  const fresh = slot === undefined ? 0 : table.spans[slot] - columns.recorded;
  const left = columns.expiresNs === null ? null : Number(columns.expiresNs / 1_000_000n) - (now + clockSkewMs());
  const tops = countPlaces(model);
  return (
    <span className={styles['badges']}>
      {fresh > 0 && (
        <Button data-active onClick={onReload}>
          {plural(fresh, 'new span')}
        </Button>
      )}
      {tops.roots === 0 && <span className={styles['badge']} data-tone="warn">no root yet</span>}
      {tops.roots > 1 && <span className={styles['badge']} data-tone="warn">{tops.roots} roots</span>}
      {tops.orphans > 0 && <span className={styles['badge']} data-tone="warn">incomplete: {plural(tops.orphans, 'parent')} missing</span>}
      {tops.cycles > 0 && <span className={styles['badge']} data-tone="warn">{plural(tops.cycles, 'circle')} of parents</span>}
      {left !== null && left <= 0 && <span className={styles['badge']} data-tone="warn">expired</span>}
      {left !== null && left > 0 && <Expiry left={left} />}
    </span>
  );
}

/** So long before a trace leaves the window the reader is warned. */
const EXPIRY_WARNING_MS = 30_000;

function Expiry({ left }: { left: number }) {
  if (left > EXPIRY_WARNING_MS) return <span className={styles['badge']}>expires in {clock(left)}</span>;
  return <span className={styles['badge']} data-tone="warn">leaves the window in {clock(left)}: export keeps a copy</span>;
}

function countPlaces({ forest }: TraceModel) {
  const counts = { roots: 0, orphans: 0, cycles: 0 };
  for (let row = 0; row < forest.count; row = forest.end[row]) {
    if (forest.place[row] === PLACE.root) counts.roots += 1;
    else if (forest.place[row] === PLACE.orphan) counts.orphans += 1;
    else counts.cycles += 1;
  }
  return counts;
}

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function ExportButton({ loaded }: { loaded: LoadedTrace }) {
  const [state, setState] = useState<string | null>(null);
  const save = async () => {
    const { columns } = loaded;
    try {
      const positions = Array.from({ length: columns.recorded }, (_, at) => at);
      const spans = await loaded.spans(positions, (done) => setState(`${formatCount(done)} of ${formatCount(columns.recorded)}`));
      download(`${columns.traceId}.otlp.json`, JSON.stringify(exportOtlp(spans)));
      const missing = columns.recorded - spans.length;
      setState(missing > 0 ? `OTLP without ${plural(missing, 'span')} that had left` : null);
    } catch (error) {
      setState(describe(error));
    }
  };
  return (
    <Button icon={<Download size={15} />} onClick={() => void save()} title="All spans as OTLP JSON">
      {state ?? 'OTLP'}
    </Button>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
