// Where a trace opens, from the chart and from the table alike.

import { hrefWith, pushUrl } from '../url/location';

/** Limit: in less a chart and a waterfall have no room beside each other. */
const BESIDE_PX_MIN = 1000;

/** Beside the chart where there is room for both. */
export function openTrace(id: string, isNewTab: boolean): void {
  const opened = { beside: null, span: null, zoom: null, find: '', marksSlowest: false };
  if (isNewTab) window.open(hrefWith({ ...opened, trace: id }));
  else if (innerWidth < BESIDE_PX_MIN) pushUrl({ ...opened, trace: id });
  else pushUrl({ ...opened, beside: id });
}
