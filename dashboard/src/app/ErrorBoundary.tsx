// Shows the error of a part of the page in its place, so that the rest keeps working.

import { Component, type ReactNode } from 'react';

import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';

type Props = { name: string; children: ReactNode };

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Banner tone="bad" actions={<Button onClick={() => this.setState({ error: null })}>Try again</Button>}>
        The {this.props.name} has failed: {error.message}
      </Banner>
    );
  }
}
