// The colour of a service as a small square. It stands beside the name, never alone.

import { serviceNumber } from '../traces/services';
import { serviceColour } from './palette';
import styles from './Swatch.module.css';
import { useTheme } from './theme';

export function Swatch({ service }: { service: number }) {
  const colour = serviceColour(serviceNumber(service), useTheme());
  return <span className={styles['swatch']} style={{ background: colour }} aria-hidden="true" />;
}
