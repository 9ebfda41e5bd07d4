// The thread that draws. It answers one request at a time; the page asks for the newest view only.

import { applyUpdate, emptyDots } from './dots';
import type { Drawn, DrawRequest, ToWorker } from './messages';
import { rasterise } from './raster';

let dots = emptyDots();

self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  if (event.data.kind === 'update') dots = applyUpdate(dots, event.data);
  else void draw(event.data);
});

async function draw({ number, scene }: DrawRequest): Promise<void> {
  const began = performance.now();
  const { width, height, pixels, ids, drawn } = rasterise(dots, scene);
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), width, height);
  const bitmap = await createImageBitmap(image);
  const answer: Drawn = { number, scene, bitmap, ids, width, height, drawn, ms: performance.now() - began };
  postMessage(answer, { transfer: [bitmap, ids.buffer] });
}
