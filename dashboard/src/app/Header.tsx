// The header of every screen.

import { CircleQuestionMark, Monitor, Moon, Pause, Play, Sun } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { toggleLive } from '../explore/following';
import { LAST_CHOICES_MS } from '../explore/lastChoices';
import { formatCount } from '../format/number';
import { formatAge, formatRange } from '../format/time';
import { useLive, useLiveState } from '../live/LiveContext';
import { POLL_MS } from '../live/poller';
import { isFollowing } from '../traces/range';
import { Button } from '../ui/Button';
import { LocalLink } from '../ui/LocalLink';
import ui from '../ui/ui.module.css';
import { useTick } from '../ui/useTick';
import { BASE_PATH } from '../url/basePath';
import { hrefWith, pushUrl, replaceUrl, useUrl } from '../url/location';
import type { ThemeChoice } from '../url/state';
import { writeLast } from '../url/values';
import styles from './App.module.css';
import { ConnectBox } from './ConnectBox';

/** After so many missed polls the age of the data is shown. */
const STALE_POLLS = 2;

export function Header({ onHelp }: { onHelp: () => void }) {
  const url = useUrl();
  return (
    <header className={styles['header']}>
      <LocalLink className={styles['logo']} href={hrefWith({ trace: null, beside: null, span: null, find: '', zoom: null })}>
        <img src={`${BASE_PATH}/icon.svg`} alt="traced" width="22" height="22" />
        <span className={styles['logoName']} aria-hidden="true">
          traced
        </span>
      </LocalLink>
      <ConnectBox />
      <span className={styles['grow']} />
      {url.trace === null && <LiveControl />}
      {url.trace === null && <LastSelect />}
      <ThemeButton />
      <Button icon={<CircleQuestionMark size={16} />} label="Keys and help (?)" onClick={onHelp} />
    </header>
  );
}

function LiveControl() {
  const url = useUrl();
  const live = useLive();
  const { arrived, polledAt, connection } = useLiveState();
  const following = isFollowing(url);
  const arrivedAtPause = useRef(arrived);
  const isFilled = polledAt !== null;
  // Traces of the first poll do not count as new.
  useEffect(() => {
    arrivedAtPause.current = live.state.get().arrived;
  }, [live, following, isFilled]);
  const now = useTick(1000);
  const age = polledAt === null ? 0 : now - polledAt;
  const waiting = isFilled ? Math.max(0, arrived - arrivedAtPause.current) : 0;
  return (
    <div className={styles['live']}>
      {polledAt !== null && age > STALE_POLLS * POLL_MS + 1000 && connection.kind !== 'connecting' && (
        <span className={styles['age']}>{formatAge(age)} old</span>
      )}
      <Button
        icon={following ? <Pause size={15} /> : <Play size={15} />}
        data-active={following}
        onClick={() => toggleLive(live)}
        title={following ? 'Pause (l)' : 'Follow the clock again (l)'}
      >
        {following ? 'Live' : `Paused${waiting > 0 ? ` +${formatCount(waiting)}` : ''}`}
      </Button>
    </div>
  );
}

function LastSelect() {
  const { last, range } = useUrl();
  const { server } = useLiveState();
  // A choice as long as the window or longer would show the same as the whole window.
  const within = LAST_CHOICES_MS.filter((ms) => ms * 1e6 < (server?.windowNs ?? Infinity));
  const lasts = last === null || within.includes(last) ? within : [last, ...within];
  const onChange = (value: string) => {
    if (value === 'fixed') return;
    pushUrl({ last: value === '' ? null : Number(value), range: null, yRange: null, live: true });
  };
  return (
    <select
      className={ui['select']}
      aria-label="Time range"
      value={range ? 'fixed' : (last ?? '')}
      onChange={(event) => onChange(event.target.value)}
    >
      {range && <option value="fixed">{formatRange(range.from, range.to)}</option>}
      <option value="">Whole window</option>
      {lasts.map((ms) => (
        <option key={ms} value={ms}>
          Last {writeLast(ms)}
        </option>
      ))}
    </select>
  );
}

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };

export function nextTheme(theme: ThemeChoice): void {
  replaceUrl({ theme: NEXT_THEME[theme] });
}

function ThemeButton() {
  const { theme } = useUrl();
  const icon = { system: <Monitor size={16} />, light: <Sun size={16} />, dark: <Moon size={16} /> }[theme];
  return <Button icon={icon} label={`Theme: ${theme} (t)`} onClick={() => nextTheme(theme)} />;
}
