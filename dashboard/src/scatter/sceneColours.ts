// The palette as pixels, by the index of a service.

import { parseHex, toPixel } from '../theme/colour';
import { ERROR_COLOURS, GROUNDS, serviceColour, type ThemeName } from '../theme/palette';
import { serviceCount, serviceNumber } from '../traces/services';
import type { Colours } from './raster';

/** The edge that separates dots: the background, half translucent. */
const EDGE_ALPHA = 150;

export function sceneColours(theme: ThemeName): Colours {
  const services = Uint32Array.from({ length: Math.max(1, serviceCount()) }, (_, service) =>
    toPixel(parseHex(serviceColour(serviceNumber(service), theme))),
  );
  return {
    services,
    error: toPixel(parseHex(ERROR_COLOURS[theme].fill)),
    errorEdge: toPixel(parseHex(ERROR_COLOURS[theme].edge)),
    edge: toPixel(parseHex(GROUNDS[theme].ground), EDGE_ALPHA),
    dimmed: toPixel(parseHex(GROUNDS[theme].dimmed)),
  };
}
