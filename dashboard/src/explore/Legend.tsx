// Services by how many traces begin in them. A click shows one alone, with Shift it hides or shows it.

import { memo, useMemo, useRef, useState, type MouseEvent } from 'react';

import { formatCount } from '../format/number';
import { hiddenAfterClick } from '../traces/hiddenAfterClick';
import { findPlace, serviceName } from '../traces/services';
import { pushUrl, useUrl } from '../url/location';
import { Swatch } from '../theme/Swatch';
import styles from './Explore.module.css';

/** A pointer that only passes dims nothing. */
const DIM_AFTER_MS = 160;
/** Limit: what a screen holds; the rest comes when it is asked for. */
const SERVICES_SHOWN_MAX = 40;

type Props = {
  /** Traces of each service, by its place. */
  counts: Uint32Array;
  onHighlight: (place: number) => void;
};

export const Legend = memo(function Legend({ counts, onHighlight }: Props) {
  const url = useUrl();
  const [showsAll, setShowsAll] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const rows = useMemo(() => {
    const places = Array.from(counts.keys()).filter((place) => counts[place] > 0 || url.hidden.includes(serviceName(place)));
    places.sort((a, b) => counts[b] - counts[a] || serviceName(a).localeCompare(serviceName(b)));
    return places.map((place) => ({ place, name: serviceName(place), count: counts[place] }));
  }, [url.hidden, counts]);

  const highlight = (place: number, after: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onHighlight(place), after);
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
        {rows.slice(0, showsAll ? rows.length : SERVICES_SHOWN_MAX).map(({ place, name, count }) => (
          <li key={name}>
            <button
              type="button"
              className={styles['legendRow']}
              aria-pressed={!url.hidden.includes(name)}
              title="Click: only this one. Shift and click: hide or show."
              onClick={(event) => choose(event, name)}
              onPointerEnter={() => highlight(findPlace(name) ?? -1, DIM_AFTER_MS)}
            >
              <Swatch place={place} />
              <span className={styles['legendName']}>{name || '(no name)'}</span>
              <span className={styles['legendCount']}>{formatCount(count)}</span>
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
    </section>
  );
});
