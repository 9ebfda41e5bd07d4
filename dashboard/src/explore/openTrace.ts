// Opens a trace, from the chart and from the table.

import { hrefWith, pushUrl } from '../url/location';

/** Limit: on a narrower page there is no room for chart and waterfall side by side. */
const BESIDE_PX_MIN = 1000;

/** Opens it beside the chart where there is room for both, else on a page of its own. */
export function openTrace(id: string, isNewTab: boolean): void {
  const opened = { beside: null, span: null, zoom: null, find: '', marksSlowest: false };
  if (isNewTab) window.open(hrefWith({ ...opened, trace: id }));
  else if (innerWidth < BESIDE_PX_MIN) pushUrl({ ...opened, trace: id });
  else pushUrl({ ...opened, beside: id });
}
