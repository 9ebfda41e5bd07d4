// Finds out what a server is: which API it offers, and how far back its window reaches.

import { Failure, isMissing } from '../api/failure';
import { CONNECT_TIMEOUT_MS, getContractJson, getJson, type RequestOptions } from '../api/request';
import { isInfo, isTraceList } from '../api/shapes';
import type { Health, Info, TraceList } from '../api/types';
import { forgetServerClock, learnServerClock } from '../traces/clock';
import { registerService } from '../traces/services';

export type Server = {
  base: string;
  /** `null` where only the contract is offered. */
  info: Info | null;
  /** The window that was asked for, and the one that memory and disk allow. */
  windowNs: number | null;
  effectiveNs: number | null;
  features: ReadonlySet<string>;
};

export async function identifyServer(base: string, signal: AbortSignal): Promise<Server> {
  const options = { base, signal, timeoutMs: CONNECT_TIMEOUT_MS };
  try {
    return serverOf(base, checked(base, await getJson<Info>('/api/v1/info', options), isInfo));
  } catch (error) {
    if (!maySpeakOnlyTheContract(error)) throw error;
  }
  checked(base, await getContractJson<TraceList>('/traces?limit=1', options), isTraceList);
  forgetServerClock();
  const window = await readWindow(options);
  return { base, info: null, windowNs: window, effectiveNs: window, features: new Set() };
}

/** Reads the window and the counters of a server that has the dashboard's API again. */
export async function refreshServer(base: string, signal: AbortSignal): Promise<Server> {
  return serverOf(base, await getJson<Info>('/api/v1/info', { base, signal }));
}

function serverOf(base: string, info: Info): Server {
  learnServerClock(info.now_ns);
  info.services.forEach((name, number) => registerService(name, number));
  const features = new Set(info.features);
  return { base, info, windowNs: info.window_ns, effectiveNs: info.effective_window_ns, features };
}

/** Another program may listen at the address, and answer everything with some JSON. */
function checked<T>(base: string, answer: T, isRight: (answer: unknown) => boolean): T {
  if (isRight(answer)) return answer;
  throw new Failure('not-traces', `${new URL(base).host} answers, but not as a trace server.`);
}

/**
 * A server of the contract may answer an unknown path with a page, or without CORS headers. A status from 500 on comes
 * from a server that has the path and is busy.
 */
function maySpeakOnlyTheContract(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  const isRefusal = error.kind === 'http' && error.status !== null && error.status < 500;
  return isMissing(error) || isRefusal || error.kind === 'not-json' || error.kind === 'not-traces' || error.kind === 'cors';
}

/** The contract does not ask `/health` to tell the window; traced does. */
async function readWindow(options: RequestOptions): Promise<number | null> {
  try {
    const { window } = await getJson<Health>('/health', options);
    return window ? window.effective_seconds * 1e9 : null;
  } catch {
    return null;
  }
}
