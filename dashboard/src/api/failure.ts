// Why a request failed, in a sentence that tells the reader what to do.

export type FailureKind = 'refused' | 'timeout' | 'http' | 'not-json' | 'not-traces' | 'cors' | 'mixed' | 'address';

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly status: number | null = null,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Failure && (error.status === 404 || error.status === 501);
}

/** The sentence that the page shows for any error. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Finds out why a request failed, which a browser hides: a second request without CORS tells whether anything answers. */
export async function explainNetworkFailure(url: URL): Promise<Failure> {
  if (location.protocol === 'https:' && url.protocol === 'http:') {
    return new Failure(
      'mixed',
      'This page was loaded over https, so the browser blocks requests to a server over http. Open the page over http, or serve traced over https.',
    );
  }
  if (url.origin !== location.origin && (await answersAtAll(url))) {
    return new Failure(
      'cors',
      `${url.host} answers, but does not allow pages from ${location.origin}. Start it so that it allows this origin (traced: --cors-origin ${location.origin}).`,
    );
  }
  return new Failure('refused', `Nothing answers at ${url.host}. Is the server running, and is the port right?`);
}

async function answersAtAll(url: URL): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}
