// The address says what is shown: `/` the recent traces, `/?trace=<id>` one trace.

import { getTrace } from './api.js';
import { byId, el } from './dom.js';
import { RecentTraces } from './recent.js';
import { clearError, noTrace, showError } from './states.js';
import { Waterfall } from './waterfall.js';

const NAME = 'traced';
const recent = new RecentTraces((traceId) => go(`/?trace=${traceId}`));
let loading = null;

function go(address) {
  history.pushState(null, '', address);
  route();
}

function route() {
  loading?.abort();
  clearError();
  const traceId = new URLSearchParams(location.search).get('trace');
  byId('recent').hidden = traceId !== null;
  byId('trace').hidden = traceId === null;
  byId('trace-id').value = traceId ?? '';
  if (traceId === null) {
    document.title = `Recent traces · ${NAME}`;
    recent.start();
  } else {
    recent.stop();
    byId('trace').replaceChildren(el('p', { id: 'trace-title', role: 'status' }, 'Loading the trace…'));
    showTrace(traceId);
  }
}

async function showTrace(traceId) {
  const { signal } = (loading = new AbortController());
  const reload = () => showTrace(traceId);
  try {
    const trace = await getTrace(traceId, signal);
    if (signal.aborted) return;
    byId('trace').replaceChildren(...new Waterfall(trace, reload).content);
    clearError();
  } catch (error) {
    if (signal.aborted) return;
    if (error.status === 0 || error.status >= 500) return showError(error, reload);
    byId('trace').replaceChildren(...noTrace(traceId, error));
  }
  document.title = `${byId('trace-title').textContent} · ${NAME}`;
  byId('main').focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Links within the page change the view without loading it anew. */
function followLink(event) {
  const link = event.target.closest?.('a[href="/"]');
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link === null || link === undefined || !isPlain) return;
  event.preventDefault();
  go('/');
}

byId('open-trace').addEventListener('submit', (event) => {
  event.preventDefault();
  go(`/?trace=${encodeURIComponent(byId('trace-id').value.trim())}`);
});
document.addEventListener('click', followLink);
addEventListener('popstate', route);
route();
