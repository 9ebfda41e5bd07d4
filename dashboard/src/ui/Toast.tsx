// Shows the current toast.

import { useStore } from './store';
import { shownToast } from './toast';
import styles from './ui.module.css';

/** The live region always exists: screen readers do not speak the first text of a new one. */
export function Toast() {
  const shown = useStore(shownToast);
  return (
    <div className={styles['toasts']} role="status" data-testid="toast">
      {shown && (
        <span key={shown.number} className={styles['toast']}>
          {shown.text}
        </span>
      )}
    </div>
  );
}
