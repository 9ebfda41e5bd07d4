// Draws the columns of the strip as one SVG path: each part is one unit wide, the tallest column one unit high. Pure.

/** The lowest column is still visible. */
const HEIGHT_MIN = 0.04;
/** The gap between two columns, in units. */
const GAP = 0.2;

export function columnsPath(values: ArrayLike<number>, most: number): string {
  let path = '';
  for (let part = 0; part < values.length; part += 1) {
    if (values[part] === 0) continue;
    const height = Math.max(HEIGHT_MIN, values[part] / most);
    path += `M${part} 1v${(-height).toFixed(3)}h${1 - GAP}V1z`;
  }
  return path;
}
