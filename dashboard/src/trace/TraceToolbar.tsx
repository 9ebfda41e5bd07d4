// The toolbar of a trace: the search box, and what the waterfall shows.

import type { RefObject } from 'react';

import { formatCount, plural } from '../format/number';
import { Button } from '../ui/Button';
import ui from '../ui/ui.module.css';
import { pushUrl, replaceUrl, useUrl } from '../url/location';
import { FindBox } from './FindBox';
import { Menu } from './Menu';
import { SLOWEST_COUNT } from './model/slowest';
import type { TraceModel } from './model/traceModel';
import { ServicesMenu } from './ServicesMenu';
import styles from './Trace.module.css';
import type { Matches } from './waterfall/useMatches';

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
  onLeave: () => void;
  onNextError: () => void;
  onLevel: (level: number) => void;
};

export function TraceToolbar({ model, matches, current, pruned, skewed, findRef, onStep, onLeave, onNextError, onLevel }: Props) {
  const url = useUrl();
  return (
    <div className={styles['toolbar']}>
      <FindBox matches={matches} current={current} findRef={findRef} onStep={onStep} onLeave={onLeave} />
      {(url.find !== '' || url.marksSlowest) && (
        <Button aria-pressed={url.onlyMatches} onClick={() => replaceUrl({ onlyMatches: !url.onlyMatches })}>
          Only matches
        </Button>
      )}
      <Menu folds="when-narrow" text="View">
        {model.errors > 0 && <Button onClick={onNextError} title="Next error (e)">Errors {formatCount(model.errors)}</Button>}
        {model.columns.count > SLOWEST_COUNT && (
          <Button
            aria-pressed={url.marksSlowest}
            onClick={() => replaceUrl({ marksSlowest: !url.marksSlowest, onlyMatches: false, find: '' })}
            title={`The ${SLOWEST_COUNT} spans with the most self time; n and N step through them`}
          >
            Slowest {SLOWEST_COUNT}
          </Button>
        )}
        {skewed > 0 && (
          <Button
            aria-pressed={url.shiftsClocks}
            onClick={() => replaceUrl({ shiftsClocks: !url.shiftsClocks, zoom: null })}
            title="Correct for clock skew: move spans that start before their parent to where they fit; recorded times do not change"
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
      </Menu>
      <ServicesMenu model={model} />
      {pruned > 0 && <Button onClick={() => pushUrl({ pruned: [] })}>{plural(pruned, 'span')} hidden: show all</Button>}
    </div>
  );
}
