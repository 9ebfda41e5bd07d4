// One request, and its answer as JSON.

import { explainNetworkFailure, Failure } from './failure';

/** Limit: a server that takes longer is told apart from one that is slow only by the reader. */
export const CONNECT_TIMEOUT_MS = 5000;
/** Limit: a large trace may take a while; later the reader wants to know. */
export const ANSWER_TIMEOUT_MS = 30_000;

export type RequestOptions = { base: string; signal?: AbortSignal | undefined; timeoutMs?: number; body?: unknown };

export async function getJson<T>(path: string, options: RequestOptions): Promise<T> {
  const text = await getText(path, options);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Failure('not-json', `${hostOf(options.base)} answers, but not with JSON. Is this a trace server?`);
  }
}

/** As `getJson`; the contract's times become text first, because a number has only 53 bits. */
export async function getContractJson<T>(path: string, options: RequestOptions): Promise<T> {
  const text = await getText(path, options);
  try {
    return JSON.parse(quoteTimes(text)) as T;
  } catch {
    throw new Failure('not-json', `${hostOf(options.base)} answers, but not with JSON. Is this a trace server?`);
  }
}

/** Inside a JSON string a quote has a backslash before it, so this meets only keys. */
export function quoteTimes(json: string): string {
  return json.replace(/"(start_time|end_time)"(\s*:\s*)(-?\d+)/g, '"$1"$2"$3"');
}

async function getText(path: string, options: RequestOptions): Promise<string> {
  const url = new URL(options.base + path);
  const timeoutMs = options.timeoutMs ?? ANSWER_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const response = await fetch(url, { signal, cache: 'no-store', ...bodyOf(options.body) });
    const text = await response.text();
    if (!response.ok) throw new Failure('http', httpMessage(url.host, response.status, text), response.status);
    return text;
  } catch (error) {
    if (error instanceof Failure || options.signal?.aborted) throw error;
    if (timeout.aborted) throw new Failure('timeout', `${url.host} did not answer within ${timeoutMs / 1000} s.`);
    throw await explainNetworkFailure(url);
  }
}

function bodyOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

function httpMessage(host: string, status: number, text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: string };
    if (error) return `${host} answers with ${status}: ${error}`;
  } catch {
    // The answer came from something else than a trace server; its number says enough.
  }
  return `${host} answers with ${status}.`;
}

function hostOf(base: string): string {
  return new URL(base).host;
}
