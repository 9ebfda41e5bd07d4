// Sends one request and reads its answer as JSON.

import { explainNetworkFailure, Failure } from './failure';

/** Limit: a reader takes a server that needs longer for one that is down. */
export const CONNECT_TIMEOUT_MS = 5000;
/** Limit: a large trace may take a while; after this the reader should know that something is wrong. */
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

/** Like `getJson`, but keeps the contract's times as text, because a number has only 53 bits. */
export async function getContractJson<T>(path: string, options: RequestOptions): Promise<T> {
  const text = await getText(path, options);
  try {
    return JSON.parse(quoteTimes(text)) as T;
  } catch {
    throw new Failure('not-json', `${hostOf(options.base)} answers, but not with JSON. Is this a trace server?`);
  }
}

/** Puts times in quotes. It matches only keys: a quote inside a JSON string has a backslash before it. */
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
    // The answer is not from a trace server, so it has no sentence to show.
  }
  return `${host} answers with ${status}.`;
}

function hostOf(base: string): string {
  return new URL(base).host;
}
