// Records what the page has done and how long it took, as `window.__perf`: for tests and for debugging, in every build.

/** Limit: enough for a test run, and bounded. */
const MARKS_MAX = 5000;
const FRAMES_MAX = 2000;

export type Mark = { name: string; at: number; ms: number };

const marks: Mark[] = [];
const probes: Record<string, (...args: never[]) => unknown> = {};

export function mark(name: string, ms = 0): void {
  if (marks.length >= MARKS_MAX) marks.splice(0, MARKS_MAX / 2);
  marks.push({ name, at: performance.now(), ms });
}

/** Makes a value of the page readable as `__perf.name()`. */
export function probe(name: string, read: (...args: never[]) => unknown): void {
  probes[name] = read;
}

/** The times between the next `count` frames, in ms. */
function frames(count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const deltas: number[] = [];
    let before = 0;
    const step = (at: number) => {
      if (before > 0) deltas.push(at - before);
      before = at;
      if (deltas.length < Math.min(count, FRAMES_MAX)) requestAnimationFrame(step);
      else resolve(deltas);
    };
    requestAnimationFrame(step);
  });
}

declare global {
  interface Window {
    __perf: unknown;
  }
}

export function exposePerf(): void {
  window.__perf = new Proxy(
    { marks, frames },
    { get: (own, name: string) => own[name as keyof typeof own] ?? probes[name] },
  );
}
