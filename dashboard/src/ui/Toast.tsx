import { useStore } from './store';
import { shownToast } from './toast';
import styles from './ui.module.css';

/** Always there: what is put into a live region that has just come is not spoken. */
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
