// What the tree grid is given by the view around it.

import type { LoadedTrace } from '../model/loading';
import type { TraceModel } from '../model/traceModel';
import type { ShownRows } from './shownRows';
import type { RowFocus } from './useRowFocus';

export type TreegridProps = {
  loaded: LoadedTrace;
  model: TraceModel;
  shown: ShownRows;
  closed: Uint8Array;
  unfolded: ReadonlySet<number>;
  /** The shown row that has the focus. */
  focus: RowFocus;
  selectedRow: number;
  matches: Uint8Array | null;
  /** The searched text. */
  find: string;
  dimsOthers: boolean;
  showsPath: boolean;
  /** The shown part of time, in ns from the base of the columns. */
  view: { from: number; to: number };
  nameShare: number;
  onFocus: (index: number) => void;
  onToggle: (code: number, isOpen?: boolean) => void;
  onSelect: (row: number) => void;
  onZoom: (at: number, factor: number) => void;
};
