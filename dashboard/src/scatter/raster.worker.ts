// The worker that draws dots. It answers one request at a time; the page asks only for the newest view.

import { Arrivals } from './arrivals';
import { applyUpdate, emptyDots } from './dots';
import { clockMs, type Drawn, type DrawRequest, type ToWorker } from './messages';
import { rasterise } from './raster';

let dots = emptyDots();
let updates = 0;
const arrivals = new Arrivals();

self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  if (event.data.kind === 'draw') return void draw(event.data);
  arrivals.note(dots, event.data, clockMs());
  dots = applyUpdate(dots, event.data);
  updates += 1;
});

async function draw({ number, scene, spare }: DrawRequest): Promise<void> {
  const began = performance.now();
  // Updates that arrive while the bitmap is made are not in it.
  const applied = updates;
  const news = scene.fades ? arrivals.at(clockMs()) : null;
  const { width, height, pixels, ids, drawn, fresh } = rasterise(dots, scene, news && ((slot) => news.slots.has(slot)), spare);
  const bitmap = await bitmapOf(pixels, width, height);
  const apart = fresh && { bitmap: await bitmapOf(fresh, width, height), at: news!.at };
  const answer: Drawn = { number, scene, bitmap, fresh: apart, ids, width, height, drawn, updates: applied, ms: performance.now() - began };
  postMessage(answer, { transfer: [bitmap, ids.buffer, ...(apart ? [apart.bitmap] : [])] });
}

function bitmapOf(pixels: Uint32Array, width: number, height: number): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), width, height));
}
