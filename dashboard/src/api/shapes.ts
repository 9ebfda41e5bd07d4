// Checks the fields of an answer without which the page cannot work. Pure.

export function isInfo(answer: unknown): boolean {
  if (!isObject(answer)) return false;
  const { now_ns: now, window_ns: window, effective_window_ns: effective, features, services } = answer;
  const areNumbers = typeof window === 'number' && typeof effective === 'number';
  return typeof now === 'string' && /^\d+$/.test(now) && areNumbers && Array.isArray(features) && Array.isArray(services);
}

export function isTraceList(answer: unknown): boolean {
  return isObject(answer) && Array.isArray(answer['traces']) && typeof answer['total'] === 'number';
}

function isObject(answer: unknown): answer is Record<string, unknown> {
  return typeof answer === 'object' && answer !== null;
}
