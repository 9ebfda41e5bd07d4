// Times as offsets: nanoseconds since a base near the start of the page. Nanoseconds since 1970 have more than 53 bits.

const NS_PER_MS = 1_000_000n;

/** The base of all offsets: a whole second. Offsets are exact for 104 days around it. */
export const BASE_MS = Math.floor(Date.now() / 1000) * 1000;
export const BASE_NS = BigInt(BASE_MS) * NS_PER_MS;

export const offsetOfNs = (ns: bigint): number => Number(ns - BASE_NS);
export const offsetOfMs = (ms: number): number => (ms - BASE_MS) * 1e6;
export const msOfOffset = (offset: number): number => BASE_MS + offset / 1e6;
export const nsOfOffset = (offset: number): bigint => BASE_NS + BigInt(Math.round(offset));

/** How far the server's clock is ahead of the browser's, in ms. */
let skewMs = 0;
export function learnServerClock(nowNs: string): void {
  skewMs = Number(BigInt(nowNs) / NS_PER_MS) - Date.now();
}
export const clockSkewMs = (): number => skewMs;
export const forgetServerClock = (): void => {
  skewMs = 0;
};

/** Now, by the server's clock. */
export const nowOffset = (): number => offsetOfMs(Date.now() + skewMs);
