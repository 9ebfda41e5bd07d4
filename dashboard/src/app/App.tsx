// The page: header, banners, and the overview or a trace below them.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';

import { Explore } from '../explore/Explore';
import { useLive, useLiveState } from '../live/LiveContext';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { CopyDialog } from '../ui/CopyDialog';
import { useShortcuts } from '../ui/shortcuts';
import { useStore } from '../ui/store';
import { Toast } from '../ui/Toast';
import { dismissNotices, subscribeUrl, urlState, useNotices, useUrl } from '../url/location';
import styles from './App.module.css';
import { ConnectionFailure } from './ConnectBox';
import { copyLink } from './copyLink';
import { ErrorBoundary } from './ErrorBoundary';
import { Header, nextTheme } from './Header';
import { Help } from './Help';
import { acceptServer, unconfirmedServer, followAddress, refuseServer, rememberServers } from './serverChoice';

const TraceScreen = lazy(() => import('../trace/TraceScreen'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      refetchOnWindowFocus: false,
      staleTime: Infinity,
      // Comparing the columns of 100,000 spans would take long and save nothing.
      structuralSharing: false,
      gcTime: 60_000,
    },
  },
});

export function App() {
  const live = useLive();
  const { trace, beside } = useUrl();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(() => {
    followAddress(live);
    const leave = [subscribeUrl(() => followAddress(live)), rememberServers(live)];
    return () => leave.forEach((end) => end());
  }, [live]);
  useShortcuts({
    '?': () => setHelpOpen(true),
    t: () => nextTheme(urlState().theme),
    y: () => void copyLink(live),
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
  const live = useLive();
  const { notice } = useLiveState();
  const asked = useStore(unconfirmedServer);
  return (
    <>
      {asked !== null && (
        <Banner
          tone="warn"
          actions={
            <>
              <Button onClick={() => acceptServer(live, asked)}>Connect</Button>
              <Button onClick={() => refuseServer(live)}>Stay here</Button>
            </>
          }
        >
          This link shows traces of another server: <strong>{asked}</strong>. Connect to it?
        </Banner>
      )}
      {notice && (
        <Banner tone={notice.isGood ? 'plain' : 'warn'} actions={<Button onClick={() => live.dismissNotice()}>Dismiss</Button>}>
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
