// The menu that chooses which services the waterfall shows. A click shows one alone; with Shift it hides or shows it.

import { useMemo } from 'react';

import { formatCount, plural } from '../format/number';
import { Swatch } from '../theme/Swatch';
import { hiddenAfterClick } from '../traces/hiddenAfterClick';
import { serviceName } from '../traces/services';
import { Button } from '../ui/Button';
import { pushUrl, useUrl } from '../url/location';
import { Menu } from './Menu';
import type { TraceModel } from './model/traceModel';
import styles from './Trace.module.css';

export function ServicesMenu({ model }: { model: TraceModel }) {
  const { pruned } = useUrl();
  if (model.services.length < 2) return null;
  return (
    <Menu folds="always" text={`Services ${formatCount(model.services.length)}`} title="Show one service alone, or hide it" isActive={pruned.length > 0}>
      <Services model={model} />
    </Menu>
  );
}

function Services({ model }: { model: TraceModel }) {
  const { pruned } = useUrl();
  const rows = useMemo(() => servicesOf(model), [model]);
  const names = rows.map(({ name }) => name);
  return (
    <>
      {pruned.length > 0 && <Button onClick={() => pushUrl({ pruned: [] })}>Show all</Button>}
      <ul className={styles['services']} aria-label="Services">
        {rows.map(({ service, name, spans }) => (
          <li key={service}>
            <button
              type="button"
              className={styles['service']}
              aria-pressed={!pruned.includes(name)}
              title="Click to show only this service. Shift-click to hide or show it."
              onClick={(event) => pushUrl({ pruned: hiddenAfterClick(pruned, names, name, event.shiftKey) })}
            >
              <Swatch service={service} />
              <span className={styles['serviceName']}>{name || '(no name)'}</span>
              <span className={styles['soft']} title={plural(spans, 'span')}>
                {formatCount(spans)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function servicesOf({ columns, services }: TraceModel): { service: number; name: string; spans: number }[] {
  const counts = new Map<number, number>(services.map((service) => [service, 0]));
  for (let span = 0; span < columns.recorded; span += 1) counts.set(columns.service[span], counts.get(columns.service[span])! + 1);
  return [...counts].map(([service, spans]) => ({ service, name: serviceName(service), spans })).sort((a, b) => b.spans - a.spans);
}
