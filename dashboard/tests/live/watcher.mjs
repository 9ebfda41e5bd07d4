// Observes the page frame by frame, from inside it. The test fetches the notes every second, so that they do not grow the heap
// that is measured.

export function startWatching() {
  const canvas = document.querySelector('canvas');
  const small = new OffscreenCanvas(160, 48);
  const context = small.getContext('2d', { willReadFrequently: true });
  let frames = [];
  let came = [];
  let left = [];
  let pending = [];
  const known = new Set();
  let seen = -1;

  /** Counts coloured pixels, which belong to dots: grid and labels are grey. */
  const colouredPixels = () => {
    context.clearRect(0, 0, small.width, small.height);
    context.drawImage(canvas, 0, 0, small.width, small.height);
    const { data } = context.getImageData(0, 0, small.width, small.height);
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const spread = Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]);
      if (data[at + 3] > 40 && spread > 40) coloured += 1;
    }
    return coloured;
  };

  const compareHeld = (now) => {
    const held = new Set(window.__perf.held());
    for (const id of held) {
      if (known.has(id)) continue;
      known.add(id);
      pending.push(id);
    }
    for (const id of known) {
      if (held.has(id)) continue;
      known.delete(id);
      left.push([id, now]);
    }
  };

  const look = () => {
    const now = Date.now();
    const { sent, shown } = window.__perf.updates();
    if (sent !== seen) compareHeld(now);
    seen = sent;
    if (shown >= sent && pending.length > 0) {
      came.push(...pending.map((id) => [id, now]));
      pending = [];
    }
    frames.push([now, window.__perf.dots(), colouredPixels()]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  window.fetchNotes = () => {
    const notes = { frames, came, left };
    [frames, came, left] = [[], [], []];
    return notes;
  };
}
