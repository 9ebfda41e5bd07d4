// Finds the durations that an axis should span, so that one odd trace does not squeeze all others together. Pure.

/** The axis spans `least` to `most`; the shortest trace may lie below it. */
export type DurationFit = { shortest: number; least: number; most: number };

/** Up to this share of the traces may lie below the axis, if the axis can then start ten times higher or more. */
const SHARE_BELOW = 0.005;
const WORTH_FACTOR = 10;
/** Durations share a bucket by the upper bits of their float64: the exponent and two bits of the fraction. */
const SHIFT = 18;
const BUCKETS = 1 << 14;
/** The bucket of the value 1. Shorter durations are drawn in a row of their own. */
const FIRST_BUCKET = 1023 << 2;

/** Counts durations by magnitude, without taking a logarithm of each. */
export class DurationTally {
  private readonly counts = new Uint32Array(BUCKETS);
  /** The durations as pairs of 32 bits. */
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

  /** The lower edge of the first bucket behind the few shortest durations. */
  private leastOfMost(): number {
    let total = 0;
    for (let bucket = FIRST_BUCKET; bucket < BUCKETS; bucket += 1) total += this.counts[bucket];
    let left = Math.floor(total * SHARE_BELOW);
    let bucket = FIRST_BUCKET;
    while (bucket < BUCKETS && this.counts[bucket] <= left) {
      left -= this.counts[bucket];
      bucket += 1;
    }
    return bucket < BUCKETS ? valueOf(bucket) : Infinity;
  }
}

function valueOf(bucket: number): number {
  const value = new Float64Array(1);
  new Uint32Array(value.buffer)[1] = bucket << SHIFT;
  return value[0];
}
