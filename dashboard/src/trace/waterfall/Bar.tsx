// The time column of a row: the bar of a span or of a group, and the label beside it.

import { formatDuration } from '../../format/duration';
import { endOf } from '../model/columns';
import type { TraceModel } from '../model/traceModel';
import { groupParts, partOf, pathParts, percent, selfParts, type BarPart, type TimeView } from './barParts';
import styles from './Treegrid.module.css';

type TimelineProps = { model: TraceModel; view: TimeView; widthPx: number; colour: string };
type BarProps = TimelineProps & { row: number; showsPath: boolean; isClosed: boolean; events: readonly number[] | undefined };

export function Bar({ model, row, view, widthPx, colour, showsPath, isClosed, events }: BarProps) {
  const { columns, below, forest } = model;
  const span = forest.spanOf[row];
  const [from, to] = [columns.start[span], endOf(columns, span)];
  const bar = partOf(view, from, to);
  const reach = partOf(view, below.from[row], below.to[row]);
  const reachesOut = below.from[row] < from || below.to[row] > to;
  const sections = showsPath ? model.path.get(row) : undefined;
  return (
    <>
      {reachesOut && reach && (isClosed || reach.width > 0) && <i className={styles['reach']} style={box(reach)} />}
      {bar && <i className={styles['bar']} style={{ ...box(bar), background: colour }} />}
      {bar && selfParts(model, row, view, widthPx).map((part) => (
        <i key={part.left} className={styles['self']} data-self style={{ ...box(part), background: colour, opacity: part.filled }} />
      ))}
      {sections && pathParts(sections, view, widthPx).map((part) => <i key={part.left} className={styles['path']} data-path style={box(part)} />)}
      {events && <EventTicks view={view} start={from} events={events} />}
      <Label view={view} widthPx={widthPx} from={from} to={to} text={formatDuration(columns.duration[span])} />
    </>
  );
}

export function GroupBar({ model, group, view, widthPx, colour }: TimelineProps & { group: number }) {
  const { columns, forest, groups, below } = model;
  // The last span to begin need not be the last to end.
  let to = -Infinity;
  for (let row = groups.first[group]; row < groups.end[group]; row = forest.end[row]) to = Math.max(to, endOf(columns, forest.spanOf[row]));
  const text = `avg ${formatDuration(groups.total[group] / groups.size[group])}, max ${formatDuration(groups.longest[group])}`;
  return (
    <>
      {groupParts(model, group, view, widthPx).map((part) => (
        <i key={part.left} className={styles['stripe']} style={{ ...box(part), background: colour }} />
      ))}
      <Label view={view} widthPx={widthPx} from={below.from[groups.first[group]]} to={to} text={text} />
    </>
  );
}

/** Limit: more ticks on one bar could not be told apart. */
const TICKS_MAX = 60;

function EventTicks({ view, start, events }: { view: TimeView; start: number; events: readonly number[] }) {
  const times = events.slice(0, TICKS_MAX).map((after) => start + after);
  return times.map((at, number) => (at < view.from || at > view.to ? null : <i key={number} data-event className={styles['event']} style={{ left: `${percent(view, at)}%` }} />));
}

const box = ({ left, width }: BarPart) => ({ left: `${left}%`, width: `${width}%` });

/** The widest letter of a label, and the air around the label, in px. */
const LETTER_PX = 6.4;
const LABEL_AIR_PX = 12;

type LabelProps = { view: TimeView; widthPx: number; from: number; to: number; text: string };

/** The label stands beside the bar where there is room. Where the bar is out of sight, an arrow points to it. */
function Label({ view, widthPx, from, to, text }: LabelProps) {
  if (to < view.from || from > view.to) return <b className={styles['away']} style={to < view.from ? { left: 2 } : { right: 2 }}>{to < view.from ? '‹' : '›'}</b>;
  const [left, right] = [percent(view, from), percent(view, to)];
  const room = ((text.length * LETTER_PX + LABEL_AIR_PX) / widthPx) * 100;
  if (right < 100 - room) return <b className={styles['label']} data-label style={{ left: `${Math.max(0, right)}%` }} aria-hidden="true">{text}</b>;
  if (left > room) return <b className={styles['label']} data-label style={{ right: `${100 - left}%` }} aria-hidden="true">{text}</b>;
  return null;
}
