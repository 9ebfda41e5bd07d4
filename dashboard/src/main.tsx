import './theme/tokens.css';
import './theme/page.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { settlePause } from './explore/following';
import { exposePerf, probe } from './perf/perf';
import { followTheme } from './theme/theme';
import { urlState } from './url/location';

followTheme();
settlePause();
exposePerf();
probe('state', urlState);

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
