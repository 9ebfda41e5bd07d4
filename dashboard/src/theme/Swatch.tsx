// The colour of a service, beside its name and never instead of it.

import { serviceColour } from './palette';
import { useTheme } from './theme';
import { serviceNumber } from '../traces/services';
import styles from './Swatch.module.css';

export function Swatch({ place }: { place: number }) {
  const colour = serviceColour(serviceNumber(place), useTheme());
  return <span className={styles['swatch']} style={{ background: colour }} aria-hidden="true" />;
}
