// The entry of the dashboard: makes what the page has one of, and renders it.

import './theme/tokens.css';
import './theme/page.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { settlePause } from './explore/following';
import { httpTransport, POINTS_MAX } from './live/httpTransport';
import { LiveProvider } from './live/LiveContext';
import { LiveTraces } from './live/liveTraces';
import { browserPage } from './live/page';
import { exposePerf, probe } from './perf/perf';
import { followTheme } from './theme/theme';
import { BASE_PATH } from './url/basePath';
import { subscribeUrl, urlState } from './url/location';

const live = new LiveTraces({
  page: browserPage,
  transport: httpTransport(browserPage),
  filter: { get: () => urlState().filter, subscribe: subscribeUrl },
  cap: POINTS_MAX,
});

// The page names its icon relative to the address that it was loaded from, and the address changes.
for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel=icon]')) icon.href = `${BASE_PATH}/icon.svg`;

followTheme();
settlePause(live);
exposePerf();
probe('state', urlState);

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <LiveProvider value={live}>
      <App />
    </LiveProvider>
  </StrictMode>,
);
