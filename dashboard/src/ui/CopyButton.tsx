// A button that copies a text.

import { Check, Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Button } from './Button';
import { copyText } from './copyText';

/** How long it shows that it has copied. */
const DONE_MS = 1500;

type Props = { text: string; children?: ReactNode; label?: string; icon?: ReactNode; toast?: string };

/** Shows on itself that it has copied; `toast` says what. */
export function CopyButton({ text, children, label, icon, toast }: Props) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    if (!(await copyText(text, toast))) return;
    setDone(true);
    setTimeout(() => setDone(false), DONE_MS);
  };
  return (
    <Button icon={isDone ? <Check size={14} /> : (icon ?? <Copy size={14} />)} onClick={() => void copy()} {...(label ? { label: isDone ? 'Copied' : label } : {})}>
      {children && (isDone ? 'Copied' : children)}
    </Button>
  );
}
