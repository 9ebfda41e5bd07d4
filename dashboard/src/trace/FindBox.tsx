// The search box of a trace: the text, the number of matches, and buttons to step through them.

import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';

import { formatCount } from '../format/number';
import { Button } from '../ui/Button';
import { replaceUrl, useUrl } from '../url/location';
import styles from './Trace.module.css';
import type { Matches } from './waterfall/useMatches';

type Props = {
  matches: Matches;
  /** Which of the matches is selected, from 0; -1 for none. */
  current: number;
  findRef: RefObject<HTMLInputElement | null>;
  onStep: (way: 1 | -1) => void;
  /** Gives the focus back to the rows. */
  onLeave: () => void;
};

export function FindBox({ matches, current, findRef, onStep, onLeave }: Props) {
  const { find } = useUrl();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      if (find === '') onLeave();
      else replaceUrl({ find: '', onlyMatches: false });
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
