// Who is at the other end: what it offers, and how far back it reaches.

import { Failure, isMissing } from '../api/failure';
import { isInfo, isTraceList } from '../api/shapes';
import { CONNECT_TIMEOUT_MS, getContractJson, getJson } from '../api/request';
import type { Health, Info, TraceList } from '../api/types';
import { forgetServerClock, learnServerClock } from '../traces/clock';
import { placeOf } from '../traces/services';

export type Server = {
  base: string;
  /** `null` where only the contract is offered. */
  info: Info | null;
  windowNs: number | null;
  effectiveNs: number | null;
  features: ReadonlySet<string>;
};

export async function meet(base: string, signal: AbortSignal): Promise<Server> {
  const ask = { base, signal, timeoutMs: CONNECT_TIMEOUT_MS };
  try {
    return withInfo(base, checked(base, await getJson<Info>('/api/v1/info', ask), isInfo));
  } catch (error) {
    if (!maySpeakOnlyTheContract(error)) throw error;
  }
  checked(base, await getContractJson<TraceList>('/traces?limit=1', ask), isTraceList);
  forgetServerClock();
  const window = await askWindow(ask);
  return { base, info: null, windowNs: window, effectiveNs: window, features: new Set() };
}

/** Something else may listen there, and answer everything with some JSON. */
function checked<T>(base: string, answer: T, isRight: (answer: unknown) => boolean): T {
  if (isRight(answer)) return answer;
  throw new Failure('not-traces', `${new URL(base).host} answers, but not as a trace server.`);
}

/** Such a server may answer an unknown path with its page, or without leave for other origins. One that is only busy has said so. */
function maySpeakOnlyTheContract(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  const isRefusal = error.kind === 'http' && error.status !== null && error.status < 500;
  return isMissing(error) || isRefusal || error.kind === 'not-json' || error.kind === 'not-traces' || error.kind === 'cors';
}

export function withInfo(base: string, info: Info): Server {
  learnServerClock(info.now_ns);
  info.services.forEach((name, number) => placeOf(name, number));
  const features = new Set(info.features);
  return { base, info, windowNs: info.window_ns, effectiveNs: info.effective_window_ns, features };
}

/** The contract's `/health` need not tell the window; ours does. */
async function askWindow(ask: { base: string; signal: AbortSignal; timeoutMs: number }): Promise<number | null> {
  try {
    const { window } = await getJson<Health>('/health', ask);
    return window ? window.effective_seconds * 1e9 : null;
  } catch {
    return null;
  }
}
