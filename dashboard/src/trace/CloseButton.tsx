// The button that closes a trace: an arrow back where the trace has its own page, a cross where it is beside the overview.

import { ArrowLeft, X } from 'lucide-react';

import { LocalLink } from '../ui/LocalLink';
import ui from '../ui/ui.module.css';
import { hrefWith } from '../url/location';
import type { UrlState } from '../url/state';

/** Clears what the address has of an open trace. */
const CLOSED: Partial<UrlState> = { trace: null, beside: null, span: null, find: '', zoom: null, onlyMatches: false, marksSlowest: false };

export function CloseButton({ isAlone = false }: { isAlone?: boolean }) {
  const label = isAlone ? 'Back to the overview' : 'Close the trace (Esc)';
  return (
    <LocalLink className={`${ui['button']} ${ui['icon']}`} href={hrefWith(CLOSED)} aria-label={label} title={label}>
      {isAlone ? <ArrowLeft size={16} /> : <X size={16} />}
    </LocalLink>
  );
}
