// The colour of a service as a small square. It stands beside the name, never alone.

import { serviceColour } from './palette';
import { useTheme } from './theme';
import { serviceNumber } from '../traces/services';
import styles from './Swatch.module.css';

export function Swatch({ service }: { service: number }) {
  const colour = serviceColour(serviceNumber(service), useTheme());
  return <span className={styles['swatch']} style={{ background: colour }} aria-hidden="true" />;
}
