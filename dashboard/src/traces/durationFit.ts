// Between which durations most traces lie, so that one odd trace does not press all others together. Pure.

/** `least` and `most` are what the axis has to hold; `shortest` may be far below it. */
export type DurationFit = { shortest: number; least: number; most: number };

/** Up to this share of the shortest may be beyond the edge, where that makes the rest ten times as long or longer. */
const SHARE_BEYOND = 0.005;
const WORTH_FACTOR = 10;
/** Of the upper half of a float64: the exponent and two digits more, so that values that are near fall together. */
const SHIFT = 18;
const PARTS = 1 << 14;
/** The parts of values below 1, which have a row of their own. */
const FIRST_PART = 1023 << 2;

/** Counts durations by their size, without taking a logarithm of each. */
export class DurationTally {
  private readonly counts = new Uint32Array(PARTS);
  /** Of the durations that are counted, by slot. */
  private readonly halves: Uint32Array;
  private shortest = Infinity;
  private longest = -Infinity;

  constructor(private readonly durations: Float64Array) {
    this.halves = new Uint32Array(durations.buffer);
  }

  add(slot: number): void {
    const duration = this.durations[slot];
    this.counts[this.halves[2 * slot + 1] >>> SHIFT] += 1;
    if (duration > this.longest) this.longest = duration;
    if (duration >= 1 && duration < this.shortest) this.shortest = duration;
  }

  fit(): DurationFit {
    const { shortest, longest: most } = this;
    const least = this.leastOfMost();
    return { shortest, least: least >= shortest * WORTH_FACTOR ? least : shortest, most };
  }

  /** The lower edge of the part that the shortest of the others are in. */
  private leastOfMost(): number {
    let total = 0;
    for (let part = FIRST_PART; part < PARTS; part += 1) total += this.counts[part];
    let left = Math.floor(total * SHARE_BEYOND);
    let part = FIRST_PART;
    while (part < PARTS && this.counts[part] <= left) {
      left -= this.counts[part];
      part += 1;
    }
    return part < PARTS ? valueOf(part) : Infinity;
  }
}

function valueOf(part: number): number {
  const value = new Float64Array(1);
  new Uint32Array(value.buffer)[1] = part << SHIFT;
  return value[0];
}
