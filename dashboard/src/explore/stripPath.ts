// Columns of a strip as one path, in a box of one unit for each part and one unit of height. Pure.

/** A part with few of many still shows. */
const HEIGHT_MIN = 0.04;
/** Air between two columns, in parts. */
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
