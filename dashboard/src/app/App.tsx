import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';

import { Explore } from '../explore/Explore';
import { dismissNotice, live } from '../live/live';
import { dismissNotices, subscribeUrl, urlState, useNotices, useUrl } from '../url/location';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { CopyDialog } from '../ui/CopyDialog';
import { useShortcuts } from '../ui/shortcuts';
import { useStore } from '../ui/store';
import { Toast } from '../ui/Toast';
import styles from './App.module.css';
import { acceptServer, askedAbout, followAddress, refuseServer, rememberConnected } from './base';
import { ConnectionFailure } from './ConnectBox';
import { copyLink } from './copyLink';
import { ErrorBoundary } from './ErrorBoundary';
import { Header, nextTheme } from './Header';
import { Help } from './Help';

const TraceScreen = lazy(() => import('../trace/TraceScreen'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      refetchOnWindowFocus: false,
      staleTime: Infinity,
      // Columns of 100,000 spans are compared and kept by nobody but their screen.
      structuralSharing: false,
      gcTime: 60_000,
    },
  },
});

export function App() {
  const { trace, beside } = useUrl();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(() => {
    followAddress();
    const leave = [subscribeUrl(followAddress), live.subscribe(rememberConnected)];
    return () => leave.forEach((end) => end());
  }, []);
  useShortcuts({
    '?': () => setHelpOpen(true),
    t: () => nextTheme(urlState().theme),
    y: () => void copyLink(),
  });
  return (
    <QueryClientProvider client={queries}>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Header onHelp={() => setHelpOpen(true)} />
      <div className={styles['banners']}>
        <Notices />
        <ConnectionFailure />
      </div>
      <ErrorBoundary key={trace ?? ''} name={trace === null ? 'overview' : 'trace'}>
        {trace === null ? (
          <div className={styles['split']} data-beside={beside !== null}>
            <div className={styles['overview']}>
              <Explore />
            </div>
            {beside !== null && <Beside traceId={beside} />}
          </div>
        ) : (
          <Suspense fallback={<p className={styles['loading']}>Loading …</p>}>
            <TraceScreen key={trace} traceId={trace} isBeside={false} />
          </Suspense>
        )}
      </ErrorBoundary>
      <Help isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <CopyDialog />
      <Toast />
    </QueryClientProvider>
  );
}

function Beside({ traceId }: { traceId: string }) {
  return (
    <aside className={styles['beside']} aria-label="The open trace">
      <ErrorBoundary key={traceId} name="trace">
        <Suspense fallback={<p className={styles['loading']}>Loading …</p>}>
          <TraceScreen key={traceId} traceId={traceId} isBeside />
        </Suspense>
      </ErrorBoundary>
    </aside>
  );
}

function Notices() {
  const notices = useNotices();
  const { notice } = useStore(live);
  const asked = useStore(askedAbout);
  return (
    <>
      {asked !== null && (
        <Banner
          tone="warn"
          actions={
            <>
              <Button onClick={() => acceptServer(asked)}>Connect</Button>
              <Button onClick={refuseServer}>Stay here</Button>
            </>
          }
        >
          This link shows traces of another server: <strong>{asked}</strong>. Connect to it?
        </Banner>
      )}
      {notice && (
        <Banner tone={notice.isGood ? 'plain' : 'warn'} actions={<Button onClick={dismissNotice}>Dismiss</Button>}>
          {notice.text}
        </Banner>
      )}
      {notices.length > 0 && (
        <Banner tone="warn" actions={<Button onClick={dismissNotices}>Dismiss</Button>}>
          {notices.join(' ')}
        </Banner>
      )}
    </>
  );
}
