// A link inside the dashboard: a real one for the browser, without loading the page again.

import type { AnchorHTMLAttributes, MouseEvent } from 'react';

import { decode } from '../url/codec';
import { pushUrl } from '../url/location';

export function LocalLink({ href, children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { pathname, search } = new URL(href, location.origin);
    pushUrl(decode(pathname, search).state);
  };
  return (
    <a href={href} onClick={onClick} {...rest}>
      {children}
    </a>
  );
}
