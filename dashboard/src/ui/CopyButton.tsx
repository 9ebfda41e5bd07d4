import { Check, Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Button } from './Button';
import { copyText } from './copyText';

/** How long it says that it has copied. */
const DONE_MS = 1500;

export function CopyButton({ text, children, label, icon }: { text: string; children?: ReactNode; label?: string; icon?: ReactNode }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) return;
    setDone(true);
    setTimeout(() => setDone(false), DONE_MS);
  };
  return (
    <Button icon={isDone ? <Check size={14} /> : (icon ?? <Copy size={14} />)} onClick={() => void copy()} {...(label ? { label: isDone ? 'Copied' : label } : {})}>
      {children && (isDone ? 'Copied' : children)}
    </Button>
  );
}
