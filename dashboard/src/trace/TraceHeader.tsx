// The header of a trace: its root, its numbers, and buttons to copy, export and close it.

import { Ellipsis, Maximize2 } from 'lucide-react';

import { formatDuration } from '../format/duration';
import { formatCount, plural } from '../format/number';
import { formatLocal, formatUtcNanos } from '../format/time';
import { useLiveState } from '../live/LiveContext';
import { Swatch } from '../theme/Swatch';
import { serviceName } from '../traces/services';
import { CopyButton } from '../ui/CopyButton';
import { ErrorMark } from '../ui/ErrorMark';
import { LocalLink } from '../ui/LocalLink';
import ui from '../ui/ui.module.css';
import { uuidOf } from '../url/ids';
import { hrefWith } from '../url/location';
import { Badges } from './Badges';
import { CloseButton } from './CloseButton';
import { ExportButton } from './ExportButton';
import { Menu } from './Menu';
import { operationOf } from './model/columns';
import type { LoadedTrace } from './model/loading';
import type { TraceModel } from './model/traceModel';
import styles from './Trace.module.css';

type Props = { loaded: LoadedTrace; model: TraceModel; isBeside: boolean; onReload: () => void };

export function TraceHeader({ loaded, model, isBeside, onReload }: Props) {
  const { columns, titleSpan: span, extent } = model;
  const [service, operation] = [serviceName(columns.service[span]), operationOf(columns, span) || '(no name)'];
  const { server } = useLiveState();
  // Beside the overview the page has its h1 already.
  const Title = isBeside ? 'h2' : 'h1';
  const startNs = columns.baseNs + BigInt(extent.from);
  return (
    <div className={styles['header']}>
      <div className={styles['titleLine']}>
        <CloseButton isAlone={!isBeside} />
        <Title className={styles['title']} title={`${service} ${operation}`}>
          <Swatch service={columns.service[span]} /> <span className={styles['rootService']}>{service}</span> <span className={styles['rootOperation']}>{operation}</span>
        </Title>
        <span className={styles['actions']}>
          {isBeside && (
            <LocalLink className={`${ui['button']} ${ui['icon']}`} href={hrefWith({ trace: columns.traceId, beside: null })} aria-label="Open the trace on its own page" title="Open the trace on its own page">
              <Maximize2 size={15} />
            </LocalLink>
          )}
          <CopyButton text={columns.traceId} label="Copy the trace id" />
          <Menu folds="when-narrow" icon={<Ellipsis size={16} />} label="More actions">
            <ExportButton loaded={loaded} />
            {server && (
              <a className={ui['button']} href={`${server.base}/traces/${uuidOf(columns.traceId)}`} target="_blank" rel="noreferrer">
                JSON
              </a>
            )}
          </Menu>
        </span>
      </div>
      <div className={styles['summaryLine']}>
        <p className={styles['summary']} data-testid="trace-summary">
          <strong>{formatDuration(extent.to - extent.from)}</strong>
          <span>{plural(columns.recorded, 'span')}</span>
          <span>{plural(model.services.length, 'service')}</span>
          <span data-minor>depth {formatCount(model.depth)}</span>
          {model.errors > 0 && <ErrorMark text={plural(model.errors, 'error')} />}
          <span title={formatUtcNanos(startNs)}>{formatLocal(Number(startNs / 1_000_000n))}</span>
          <code className={styles['id']}>{columns.traceId}</code>
        </p>
        <Badges columns={columns} model={model} onReload={onReload} />
      </div>
    </div>
  );
}
