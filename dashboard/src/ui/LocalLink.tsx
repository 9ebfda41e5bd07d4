// A link inside the dashboard: a real link, but a plain click does not load the page again.

import type { AnchorHTMLAttributes, MouseEvent } from 'react';

import { decodePath, pushUrl } from '../url/location';

/** `onOpen` replaces what a plain click does. */
type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; onOpen?: () => void };

export function LocalLink({ href, onOpen, children, ...rest }: Props) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (onOpen) return onOpen();
    const { pathname, search } = new URL(href, location.origin);
    pushUrl(decodePath(pathname, search).state);
  };
  return (
    <a href={href} onClick={onClick} {...rest}>
      {children}
    </a>
  );
}
