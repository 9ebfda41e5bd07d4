// The palette as numbers for the buffer of pixels, by the place of a service.

import { parseHex, toPixel } from '../theme/colour';
import { ERROR_COLOURS, GROUNDS, serviceColour, type ThemeName } from '../theme/palette';
import { serviceCount, serviceNumber } from '../traces/services';
import type { Colours } from './raster';

/** The edge that sets dots apart: the ground, half of it seen through. */
const EDGE_ALPHA = 150;

export function sceneColours(theme: ThemeName): Colours {
  const services = Uint32Array.from({ length: Math.max(1, serviceCount()) }, (_, place) =>
    toPixel(parseHex(serviceColour(serviceNumber(place), theme))),
  );
  return {
    services,
    error: toPixel(parseHex(ERROR_COLOURS[theme].fill)),
    errorEdge: toPixel(parseHex(ERROR_COLOURS[theme].edge)),
    edge: toPixel(parseHex(GROUNDS[theme].ground), EDGE_ALPHA),
    dimmed: toPixel(parseHex(GROUNDS[theme].dimmed)),
  };
}
