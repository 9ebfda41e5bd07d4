// The button that downloads the whole trace as OTLP JSON.

import { Download } from 'lucide-react';
import { useState } from 'react';

import { describe } from '../api/failure';
import { formatCount, plural } from '../format/number';
import { Button } from '../ui/Button';
import type { LoadedTrace } from './model/loading';
import { exportOtlp } from './model/otlp';

export function ExportButton({ loaded }: { loaded: LoadedTrace }) {
  const [state, setState] = useState<string | null>(null);
  const save = async () => {
    const { columns } = loaded;
    try {
      const positions = Array.from({ length: columns.recorded }, (_, at) => at);
      const spans = await loaded.spans(positions, (done) => setState(`${formatCount(done)} of ${formatCount(columns.recorded)}`));
      download(`${columns.traceId}.otlp.json`, JSON.stringify(exportOtlp(spans)));
      const missing = columns.recorded - spans.length;
      setState(missing > 0 ? `OTLP without ${plural(missing, 'span')} that had left the window` : null);
    } catch (error) {
      setState(describe(error));
    }
  };
  return (
    <Button icon={<Download size={15} />} onClick={() => void save()} title="Download all spans as OTLP JSON">
      {state ?? 'OTLP'}
    </Button>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
