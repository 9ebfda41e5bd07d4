// Keys and values, each of which can be copied.

import { Copy } from 'lucide-react';
import { useState } from 'react';

import type { Attribute } from '../api/types';
import { copyText } from '../ui/copyText';
import styles from './SpanDetail.module.css';
import { formatValue } from './values';

/** Limit: a longer value is cut until it is asked for. */
const VALUE_CHARS_MAX = 600;

export function Attributes({ attributes, filter = '', dropped }: { attributes: Attribute[]; filter?: string; dropped: number }) {
  const wanted = filter.toLowerCase();
  const rows = attributes.map(({ key, value }) => ({ key, text: formatValue(value) }));
  const shown = rows.filter(({ key, text }) => key.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted));
  if (attributes.length === 0 && dropped === 0) return <p className={styles['soft']}>None</p>;
  return (
    <>
      <dl className={styles['attributes']}>
        {shown.map(({ key, text }, at) => (
          <Row key={`${at}${key}`} name={key} text={text} />
        ))}
      </dl>
      {dropped > 0 && <p className={styles['soft']}>The sender left out {dropped} more.</p>}
    </>
  );
}

function Row({ name, text }: { name: string; text: string }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > VALUE_CHARS_MAX;
  return (
    <div className={styles['attribute']}>
      <dt>{name}</dt>
      <dd>
        {isLong && !isWhole ? `${text.slice(0, VALUE_CHARS_MAX)}… ` : text}
        {isLong && (
          <button type="button" className={styles['more']} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'less' : `all ${text.length} characters`}
          </button>
        )}
        <button type="button" className={styles['copy']} aria-label={`Copy the value of ${name}`} title="Copy" onClick={() => void copyText(text, `${name} copied`)}>
          <Copy size={13} />
        </button>
      </dd>
    </div>
  );
}
