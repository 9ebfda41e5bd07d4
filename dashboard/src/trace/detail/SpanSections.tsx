// What the sender has recorded of a span: attributes, events, links, resource, scope.

import { useState } from 'react';

import type { Span, SpanEvent } from '../../api/types';
import { formatDuration } from '../../format/duration';
import { CopyButton } from '../../ui/CopyButton';
import type { LoadedTrace } from '../model/loading';
import { Attributes } from './Attributes';
import { LinkItem } from './LinkItem';
import { Marked } from './Marked';
import styles from './SpanDetail.module.css';

/** Limit: fewer attributes need no filter. */
const FILTERED_FROM = 5;

type Props = {
  loaded: LoadedTrace;
  span: Span;
  filter: string;
  onFilter: (filter: string) => void;
  /** The searched text, which is marked. */
  marked: string;
  onGo: (position: number) => void;
  /** Gives the focus back to the rows. */
  onLeave: () => void;
};

export function SpanSections({ loaded, span, filter, onFilter, marked, onGo, onLeave }: Props) {
  const { resource, scope } = span;
  const hasFilter = span.attributes.length >= FILTERED_FROM || filter !== '';
  return (
    <>
      <section>
        <div className={styles['sectionHead']}>
          <h3>Attributes</h3>
          {hasFilter && <Filter filter={filter} onFilter={onFilter} onLeave={onLeave} />}
        </div>
        <Attributes attributes={span.attributes} filter={filter} dropped={span.dropped_attributes} marked={marked} />
      </section>
      {span.events.length > 0 && (
        <section>
          <h3>Events</h3>
          {span.events.map((event, at) => (
            <EventItem key={at} event={event} startNs={span.start_ns} marked={marked} />
          ))}
          <Dropped count={span.dropped_events} />
        </section>
      )}
      {span.links.length > 0 && (
        <section>
          <h3>Links</h3>
          {span.links.map((link, at) => (
            <LinkItem key={at} loaded={loaded} link={link} isAsked={at < LINKS_ASKED_MAX} marked={marked} onGo={onGo} />
          ))}
          <Dropped count={span.dropped_links} />
        </section>
      )}
      {resource && (resource.attributes.length > 0 || resource.dropped_attributes > 0) && (
        <section>
          <h3>Resource</h3>
          <Attributes attributes={resource.attributes} dropped={resource.dropped_attributes} marked={marked} />
        </section>
      )}
      {scope && (scope.name !== '' || scope.attributes.length > 0) && (
        <section>
          <h3>
            Scope {scope.name} {scope.version}
          </h3>
          {(scope.attributes.length > 0 || scope.dropped_attributes > 0) && <Attributes attributes={scope.attributes} dropped={scope.dropped_attributes} marked={marked} />}
        </section>
      )}
    </>
  );
}

/** Limit: a span with hundreds of links would cause as many requests. */
const LINKS_ASKED_MAX = 10;

function Filter({ filter, onFilter, onLeave }: Pick<Props, 'filter' | 'onFilter' | 'onLeave'>) {
  return (
    <input
      className={styles['filter']}
      aria-label="Filter attributes"
      placeholder="filter"
      value={filter}
      onChange={(event) => onFilter(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (filter !== '') onFilter('');
        else onLeave();
      }}
    />
  );
}

function Dropped({ count }: { count: number }) {
  return count > 0 ? <p className={styles['soft']}>The sender dropped {count} more.</p> : null;
}

const STACK_KEY = 'exception.stacktrace';

function EventItem({ event, startNs, marked }: { event: SpanEvent; startNs: string; marked: string }) {
  const stack = event.attributes.find((attribute) => attribute.key === STACK_KEY)?.value.stringValue;
  const others = event.attributes.filter((attribute) => attribute.key !== STACK_KEY);
  return (
    <div className={styles['event']}>
      <p>
        <strong>
          <Marked text={event.name} marked={marked} />
        </strong>{' '}
        <small>{formatDuration(Number(BigInt(event.time_ns) - BigInt(startNs)))} into the span</small>
      </p>
      {(others.length > 0 || event.dropped_attributes > 0) && <Attributes attributes={others} dropped={event.dropped_attributes} marked={marked} />}
      {stack && <Stack text={stack} marked={marked} />}
    </div>
  );
}

function Stack({ text, marked }: { text: string; marked: string }) {
  const [wraps, setWraps] = useState(false);
  const lines = text.trimEnd().split('\n').length;
  return (
    <>
      <div className={styles['stackHead']}>
        <span className={styles['soft']}>stack trace, {lines === 1 ? '1 line' : `${lines} lines`}</span>
        <label>
          <input type="checkbox" checked={wraps} onChange={(event) => setWraps(event.target.checked)} /> wrap
        </label>
        <CopyButton text={text} label="Copy the stack trace" />
      </div>
      {/* It scrolls, so it has to be focusable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles['stack']} data-wraps={wraps || undefined} tabIndex={0} aria-label="Stack trace">
        <Marked text={text} marked={marked} />
      </pre>
    </>
  );
}
