// Find, and what the waterfall shows.

import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';

import { formatCount, plural } from '../format/number';
import { serviceName } from '../traces/services';
import { pushUrl, replaceUrl, useUrl } from '../url/location';
import { Button } from '../ui/Button';
import { Swatch } from '../ui/Swatch';
import ui from '../ui/ui.module.css';
import type { TraceModel } from './model';
import styles from './Trace.module.css';
import { SLOWEST_COUNT } from './slowest';
import type { Matches } from './useMatches';

type Props = {
  model: TraceModel;
  matches: Matches;
  /** Which of the matches is selected, from 0; -1 for none. */
  current: number;
  pruned: number;
  /** Spans that begin before their parent. */
  skewed: number;
  findRef: RefObject<HTMLInputElement | null>;
  onStep: (way: 1 | -1) => void;
  onNextError: () => void;
  onLevel: (level: number) => void;
};

/** Limit: more services do not fit beside each other; the overview's legend has all. */
const SERVICES_SHOWN_MAX = 12;

export function TraceToolbar({ model, matches, current, pruned, skewed, findRef, onStep, onNextError, onLevel }: Props) {
  const url = useUrl();
  const toggle = (service: string) =>
    pushUrl({ pruned: url.pruned.includes(service) ? url.pruned.filter((other) => other !== service) : [...url.pruned, service] });
  return (
    <div className={styles['toolbar']}>
      <FindBox matches={matches} current={current} findRef={findRef} onStep={onStep} />
      {(url.find !== '' || url.marksSlowest) && (
        <Button aria-pressed={url.onlyMatches} onClick={() => replaceUrl({ onlyMatches: !url.onlyMatches })}>
          Only matches
        </Button>
      )}
      {model.errors > 0 && <Button onClick={onNextError} title="Next error (e)">Errors {formatCount(model.errors)}</Button>}
      {model.columns.count > SLOWEST_COUNT && (
        <Button
          aria-pressed={url.marksSlowest}
          onClick={() => replaceUrl({ marksSlowest: !url.marksSlowest, onlyMatches: false, find: '' })}
          title={`The ${SLOWEST_COUNT} spans with the most time of their own; n and N walk them`}
        >
          Slowest {SLOWEST_COUNT}
        </Button>
      )}
      {skewed > 0 && (
        <Button
          aria-pressed={url.shiftsClocks}
          onClick={() => replaceUrl({ shiftsClocks: !url.shiftsClocks, zoom: null })}
          title="Move spans that begin before their parent so that they fit; only for the eye"
        >
          Shift {plural(skewed, 'early span')}
        </Button>
      )}
      <Button aria-pressed={url.criticalPath} onClick={() => replaceUrl({ criticalPath: !url.criticalPath })} title="Critical path (p)">
        Critical path
      </Button>
      {model.groups.count > 0 && (
        <Button aria-pressed={url.groups} onClick={() => replaceUrl({ groups: !url.groups })}>
          Fold {formatCount(model.groups.count)} {model.groups.count === 1 ? 'run' : 'runs'}
        </Button>
      )}
      <label className={styles['level']}>
        <span>Open</span>
        <select className={ui['select']} value="" onChange={(event) => onLevel(Number(event.target.value))}>
          <option value="" disabled>
            levels
          </option>
          {[1, 2, 3, 4, 5].map((level) => (
            <option key={level} value={level}>
              {level}
            </option>
          ))}
          <option value={Number.MAX_SAFE_INTEGER}>all</option>
        </select>
      </label>
      <span className={styles['services']} role="group" aria-label="Services">
        {model.services.length > 1 &&
          model.services.slice(0, SERVICES_SHOWN_MAX).map((place) => (
            <button
              key={place}
              type="button"
              className={styles['service']}
              aria-pressed={!url.pruned.includes(serviceName(place))}
              title="Hide or show, with all below it"
              onClick={() => toggle(serviceName(place))}
            >
              <Swatch place={place} />
              {serviceName(place)}
            </button>
          ))}
      </span>
      {pruned > 0 && <span className={styles['soft']}>{formatCount(pruned)} spans hidden</span>}
    </div>
  );
}

function FindBox({ matches, current, findRef, onStep }: Pick<Props, 'matches' | 'current' | 'findRef' | 'onStep'>) {
  const { find } = useUrl();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && find !== '') {
      event.stopPropagation();
      replaceUrl({ find: '', onlyMatches: false });
    } else return;
    event.preventDefault();
  };
  return (
    <div className={styles['find']} role="search">
      <Search size={15} aria-hidden="true" />
      <input
        ref={findRef}
        aria-label="Find in names, ids and attributes"
        placeholder="Find (/)"
        value={find}
        onChange={(event) => replaceUrl({ find: event.target.value })}
        onKeyDown={onKeyDown}
        data-testid="find"
      />
      {find !== '' && (
        <>
          <span className={styles['found']} aria-live="polite" data-testid="found">
            {foundText(matches, current)}
          </span>
          {matches.retry && (
            <span className={styles['unsearched']} role="alert">
              attributes could not be searched <Button onClick={matches.retry}>Retry</Button>
            </span>
          )}
          <Button icon={<ChevronUp size={15} />} label="Previous match (N)" onClick={() => onStep(-1)} />
          <Button icon={<ChevronDown size={15} />} label="Next match (n)" onClick={() => onStep(1)} />
        </>
      )}
    </div>
  );
}

function foundText({ rows, isSearching, truncated, retry }: Matches, current: number): string {
  if (rows.length === 0) return isSearching ? 'searching …' : retry === null ? 'no match' : 'no name matches';
  const more = truncated ? '+' : '';
  return `${current >= 0 ? `${formatCount(current + 1)}/` : ''}${formatCount(rows.length)}${more}${isSearching ? ' …' : ''}`;
}
