// The legend: services, and how many traces have their root in each; and what a hollow dot is, where there is one. A click
// shows one service alone; with Shift it hides or shows it.

import { memo, useMemo, useRef, useState, type MouseEvent } from 'react';

import { formatCount } from '../format/number';
import { Swatch } from '../theme/Swatch';
import { hiddenAfterClick } from '../traces/hiddenAfterClick';
import { findService, serviceName } from '../traces/services';
import { HollowDot, NO_ROOT } from '../ui/RootlessMark';
import { pushUrl, useUrl } from '../url/location';
import styles from './Explore.module.css';

/** The pointer has to rest so long on a service before the others are dimmed. */
const DIM_AFTER_MS = 160;
/** Limit: about as many as fit on a screen; a button shows the rest. */
const SERVICES_SHOWN_MAX = 40;

type Props = {
  /** How many traces with a root each service has, by its index, and how many without one. */
  counts: Uint32Array;
  rootlessCounts: Uint32Array;
  /** How many shown traces have no root. */
  rootless: number;
  onHighlight: (service: number) => void;
};

export const Legend = memo(function Legend({ counts, rootlessCounts, rootless, onHighlight }: Props) {
  const url = useUrl();
  const [showsAll, setShowsAll] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const rows = useMemo(() => {
    const sum = (service: number) => counts[service] + rootlessCounts[service];
    const services = Array.from(counts.keys()).filter((service) => sum(service) > 0 || url.hidden.includes(serviceName(service)));
    services.sort((a, b) => sum(b) - sum(a) || serviceName(a).localeCompare(serviceName(b)));
    return services.map((service) => ({ service, name: serviceName(service), count: counts[service], without: rootlessCounts[service] }));
  }, [url.hidden, counts, rootlessCounts]);

  const highlight = (service: number, after: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onHighlight(service), after);
  };
  const names = rows.map((row) => row.name);
  const choose = (event: MouseEvent, name: string) => pushUrl({ hidden: hiddenAfterClick(url.hidden, names, name, event.shiftKey) });

  return (
    <section className={styles['legend']} aria-labelledby="legend-title" onPointerLeave={() => highlight(-1, 0)}>
      <div className={styles['legendHead']}>
        <h2 id="legend-title">Services</h2>
        {url.hidden.length > 0 && (
          <button type="button" className={styles['linkButton']} onClick={() => pushUrl({ hidden: [] })}>
            Show all
          </button>
        )}
      </div>
      <ul>
        {rows.slice(0, showsAll ? rows.length : SERVICES_SHOWN_MAX).map(({ service, name, count, without }) => (
          <li key={name}>
            <button
              type="button"
              className={styles['legendRow']}
              aria-pressed={!url.hidden.includes(name)}
              title="Click to show only this service. Shift-click to hide or show it."
              onClick={(event) => choose(event, name)}
              onPointerEnter={() => highlight(findService(name) ?? -1, DIM_AFTER_MS)}
            >
              <Swatch service={service} />
              <span className={styles['legendName']}>{name || '(no name)'}</span>
              <span className={styles['legendCount']}>{formatCount(count)}<Without count={without} /></span>
            </button>
          </li>
        ))}
      </ul>
      {rows.length > SERVICES_SHOWN_MAX && (
        <button type="button" className={`${styles['linkButton']} ${styles['more']}`} aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? `Only the first ${SERVICES_SHOWN_MAX}` : `and ${rows.length - SERVICES_SHOWN_MAX} more`}
        </button>
      )}
      {rows.length === 0 && <p className={styles['soft']}>None yet</p>}
      {rootless > 0 && (
        <p className={styles['legendNote']} title={NO_ROOT}>
          <HollowDot />
          no root: {formatCount(rootless)}
          <span className="visually-hidden">{NO_ROOT}</span>
        </p>
      )}
    </section>
  );
});

/** The traces of a service that have no root, beside the others. */
function Without({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <>
      {` + ${formatCount(count)}`}
      <span className="visually-hidden"> without a root</span>
    </>
  );
}
