// A list of attributes, with buttons that copy keys and values.

import { KeyRound } from 'lucide-react';
import { useState } from 'react';

import type { Attribute } from '../../api/types';
import { CopyButton } from '../../ui/CopyButton';
import { formatValue, indentedJson } from '../model/values';
import { Marked } from './Marked';
import styles from './SpanDetail.module.css';

/** Limit: a longer value is cut, and a button shows the rest. */
const VALUE_CHARS_MAX = 600;
/** Limit: a longer value does not fit beside its key and stands below it. */
const BESIDE_CHARS_MAX = 26;

type Props = { attributes: Attribute[]; filter?: string; dropped: number; marked: string };

export function Attributes({ attributes, filter = '', dropped, marked }: Props) {
  const wanted = filter.toLowerCase();
  const rows = attributes.map(({ key, value }) => ({ key, text: formatValue(value) }));
  const shown = rows.filter(({ key, text }) => key.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted));
  if (attributes.length === 0 && dropped === 0) return <p className={styles['soft']}>None</p>;
  return (
    <>
      {shown.length > 0 && (
        <dl className={styles['attributes']}>
          {shown.map(({ key, text }, at) => (
            <AttributeItem key={`${at}${key}`} name={key} text={text} marked={marked} />
          ))}
        </dl>
      )}
      {shown.length === 0 && attributes.length > 0 && <p className={styles['soft']}>No attribute has “{filter}”</p>}
      {dropped > 0 && <p className={styles['soft']}>The sender dropped {dropped} more.</p>}
    </>
  );
}

function AttributeItem({ name, text, marked }: { name: string; text: string; marked: string }) {
  const [isWhole, setWhole] = useState(false);
  const written = indentedJson(text) ?? text;
  const isLong = written.length > VALUE_CHARS_MAX;
  return (
    <div className={styles['attribute']} data-stacked={written.length > BESIDE_CHARS_MAX || written.includes('\n') || undefined}>
      <dt>
        <Marked text={name} marked={marked} />
      </dt>
      <dd>
        <Marked text={isLong && !isWhole ? `${written.slice(0, VALUE_CHARS_MAX)}… ` : written} marked={marked} />
        {isLong && (
          <button type="button" className={styles['more']} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'less' : `all ${written.length} characters`}
          </button>
        )}
        <span className={styles['copies']}>
          <CopyButton text={name} label={`Copy the key ${name}`} icon={<KeyRound size={13} />} />
          <CopyButton text={text} label={`Copy the value of ${name}`} toast={`${name} copied`} />
        </span>
      </dd>
    </div>
  );
}
