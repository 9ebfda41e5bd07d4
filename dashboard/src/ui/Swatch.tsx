// The colour of a service, beside its name and never instead of it.

import { serviceColour } from '../theme/palette';
import { useTheme } from '../theme/theme';
import { serviceNumber } from '../traces/services';
import styles from './ui.module.css';

export function Swatch({ place }: { place: number }) {
  const colour = serviceColour(serviceNumber(place), useTheme());
  return <span className={styles['swatch']} style={{ background: colour }} aria-hidden="true" />;
}
