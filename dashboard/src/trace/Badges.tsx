// Badges of a trace: new spans, an odd shape, and when it leaves the window.

import { plural } from '../format/number';
import { useLive, useLiveState } from '../live/LiveContext';
import { clockSkewMs } from '../traces/clock';
import { Button } from '../ui/Button';
import { NO_ROOT } from '../ui/RootlessMark';
import { useTick } from '../ui/useTick';
import type { SpanColumns } from './model/columns';
import { ROLE } from './model/forest';
import type { TraceModel } from './model/traceModel';
import styles from './Trace.module.css';

export function Badges({ columns, model, onReload }: { columns: SpanColumns; model: TraceModel; onReload: () => void }) {
  const { table } = useLive();
  const { version } = useLiveState();
  const now = useTick(1000);
  void version;
  const slot = table.find(columns.traceId);
  const fresh = slot === undefined ? 0 : table.spans[slot] - columns.recorded;
  const left = columns.expiresNs === null ? null : Number(columns.expiresNs / 1_000_000n) - (now + clockSkewMs());
  const tops = countTops(model);
  return (
    <span className={styles['badges']}>
      {fresh > 0 && (
        <Button data-active onClick={onReload}>
          {plural(fresh, 'new span')}
        </Button>
      )}
      {columns.leftOut > 0 && <span className={styles['badge']} data-tone="warn">incomplete: {plural(columns.leftOut, 'damaged segment')} could not be read</span>}
      {tops.roots === 0 && <span className={styles['badge']} data-tone="warn" title={NO_ROOT}>no root</span>}
      {tops.roots === 0 && <span className="visually-hidden">{NO_ROOT}</span>}
      {tops.roots > 1 && <span className={styles['badge']} data-tone="warn">{tops.roots} roots</span>}
      {tops.orphans > 0 && <span className={styles['badge']} data-tone="warn">incomplete: {plural(tops.orphans, 'parent')} missing</span>}
      {tops.cycles > 0 && <span className={styles['badge']} data-tone="warn">{plural(tops.cycles, 'cycle')} of parents</span>}
      {left !== null && left <= 0 && <span className={styles['badge']} data-tone="warn">expired</span>}
      {left !== null && left > 0 && <Expiry left={left} />}
    </span>
  );
}

/** The reader is warned this long before a trace leaves the window. */
const EXPIRY_WARNING_MS = 30_000;

function Expiry({ left }: { left: number }) {
  if (left > EXPIRY_WARNING_MS) return <span className={styles['badge']}>expires in {clock(left)}</span>;
  return <span className={styles['badge']} data-tone="warn">leaves the window in {clock(left)}: export keeps a copy</span>;
}

function countTops({ forest }: TraceModel) {
  const counts = { roots: 0, orphans: 0, cycles: 0 };
  for (let row = 0; row < forest.count; row = forest.end[row]) {
    if (forest.role[row] === ROLE.root) counts.roots += 1;
    else if (forest.role[row] === ROLE.orphan || forest.role[row] === ROLE.missing) counts.orphans += 1;
    else counts.cycles += 1;
  }
  return counts;
}

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
