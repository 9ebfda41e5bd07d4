// The help: a modal dialog that lists the shortcuts. The browser keeps the focus inside and gives it back.

import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { Button } from '../ui/Button';
import { setShortcuts, shortcutsOn } from '../ui/shortcuts';
import { useStore } from '../ui/store';
import { BASE_PATH } from '../url/basePath';
import styles from './App.module.css';

const KEYS: [string, [string, string][]][] = [
  [
    'Everywhere',
    [
      ['?', 'this help'],
      ['t', 'theme'],
      ['y', 'copy the link'],
      ['Esc', 'close, or one level up'],
    ],
  ],
  [
    'Overview',
    [
      ['1 2 3', 'all, OK, error'],
      ['l', 'live or paused'],
      ['[ ]', 'older, newer'],
      ['arrows', 'in the chart: from dot to dot'],
      ['Enter', 'in the chart: open the trace'],
      ['n N', 'in the chart: next, previous error'],
      ['+ - 0', 'in the chart: zoom, reset'],
      ['w a s d', 'in the chart: pan'],
    ],
  ],
  [
    'Trace',
    [
      ['/ or Ctrl+F', 'find'],
      ['n N', 'next, previous match'],
      ['e', 'next error'],
      ['arrows', 'move between rows; close, open, go to the parent'],
      ['1 … 9', 'open that many levels'],
      ['[ ]', 'close all, open all'],
      ['w a s d', 'zoom and pan'],
      ['f', 'fit the selected span'],
      ['p', 'critical path'],
      ['o', 'details'],
      ['letters', 'in the rows: go to the next name that begins with these letters; hold Shift if the letter is a shortcut'],
    ],
  ],
];

export function Help({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  const areOn = useStore(shortcutsOn);
  useEffect(() => {
    if (isOpen && !ref.current!.open) ref.current!.showModal();
    if (!isOpen && ref.current!.open) ref.current!.close();
  }, [isOpen]);
  return (
    <dialog ref={ref} className={styles['dialog']} aria-labelledby="help-title" onClose={onClose}>
      <div className={styles['dialogHead']}>
        <h2 id="help-title">Keys</h2>
        <Button icon={<X size={16} />} label="Close" onClick={onClose} />
      </div>
      <div className={styles['keys']}>
        {KEYS.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles['option']}>
        <input type="checkbox" checked={areOn} onChange={(event) => setShortcuts(event.target.checked)} />
        Enable single-key shortcuts
      </label>
      <p className={styles['helpMore']}>
        In the chart, click a dot to open its trace beside the chart, or press Enter to open it on its own page. The wheel zooms the time axis, with Shift the duration axis, with Ctrl both. Dragging pans; with Alt it
        selects a box. Double-click to reset. Errors are red diamonds; the more spans a trace has, the larger its dot. <a href={`${BASE_PATH}/docs`}>The API</a> has its own page.
      </p>
    </dialog>
  );
}
