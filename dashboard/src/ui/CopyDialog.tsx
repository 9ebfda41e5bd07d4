// A dialog with a text that the browser did not let the page copy, selected for the reader to copy.

import { useEffect, useRef } from 'react';

import { Button } from './Button';
import { uncopied } from './copyText';
import { useStore } from './store';
import styles from './ui.module.css';

const close = () => uncopied.set(null);

export function CopyDialog() {
  const text = useStore(uncopied);
  const dialogRef = useRef<HTMLDialogElement>(null);
  const areaRef = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (text === null) dialogRef.current?.close();
    else {
      dialogRef.current?.showModal();
      areaRef.current?.select();
    }
  }, [text]);
  return (
    <dialog ref={dialogRef} className={styles['dialog']} aria-labelledby="copy-title" onClose={close}>
      <h2 id="copy-title">The browser does not let this page copy</h2>
      <p>The text is selected: press Ctrl+C, or ⌘C.</p>
      <textarea ref={areaRef} className={styles['copyArea']} readOnly value={text ?? ''} rows={5} aria-label="Text to copy" />
      <Button onClick={close}>Close</Button>
    </dialog>
  );
}
