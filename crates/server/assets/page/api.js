// The server's API. Nanosecond times exceed 2^53, so they become big integers.

/** Limit: longer than this and the server counts as not answering. */
const TIMEOUT_MS = 15_000;

/** The server's clock less ours, in milliseconds. */
let clockOffset = 0;

/** An answer that is not a success, or none at all. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Now, by the server's clock, in Unix milliseconds. */
export function serverNow() {
  return Date.now() + clockOffset;
}

/** A page of traces; a bound that is null is left empty. */
export async function listTraces({ limit, after, before }, signal) {
  const bounds = `after=${after ?? ''}&before=${before ?? ''}`;
  const { traces, total } = await get(`/traces?limit=${limit}&${bounds}`, signal);
  return { traces: traces.map(listed), total };
}

function listed(trace) {
  const start = BigInt(trace.start_time);
  return { ...trace, start_time: start, startMs: Number(start) / 1e6 };
}

/** All spans of a trace. */
export async function getTrace(traceId, signal) {
  const { trace_id, spans } = await get(`/traces/${encodeURIComponent(traceId)}`, signal);
  const timed = (span) => ({ ...span, start_time: BigInt(span.start_time), end_time: BigInt(span.end_time) });
  return { trace_id, spans: spans.map(timed) };
}

/** Readiness, and how far back the server reaches. */
export function getHealth(signal) {
  return get('/health', signal);
}

async function get(path, signal) {
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  let answer, text;
  try {
    answer = await fetch(path, { signal: AbortSignal.any(signals), cache: 'no-store' });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    const why = error.name === 'TimeoutError' ? `did not answer within ${TIMEOUT_MS / 1000} s` : 'cannot be reached';
    throw new ApiError(`The server ${why}.`, 0);
  }
  followClock(answer.headers.get('date'));
  if (!answer.ok) throw new ApiError(`The server answers ${answer.status}: ${reason(text)}`, answer.status);
  try {
    return parse(text);
  } catch {
    throw new ApiError('The server’s answer is not JSON.', answer.status);
  }
}

function reason(text) {
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text.slice(0, 200) || 'no reason given';
  }
}

/** The header has whole seconds, so only a clear difference counts. */
function followClock(date) {
  const offset = Date.parse(date ?? '') - Date.now();
  if (Number.isFinite(offset)) clockOffset = Math.abs(offset) > 2000 ? offset : 0;
}

/** Reads JSON with times as text, digit for digit. A quote inside a JSON string is escaped, so no string matches. */
export function parse(text) {
  return JSON.parse(text.replace(/"(start_time|end_time)"\s*:\s*(-?\d+)/g, '"$1":"$2"'));
}
