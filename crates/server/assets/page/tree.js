// Spans as a forest. Pure, iterative and linear: no shape of parents makes it loop or overflow.

/**
 * Orders the spans of a trace depth first. Each row is
 * `{ span, depth, place, childCount, parent, end }`: `place` is "root", "child", "orphan" (its parent is not
 * here) or "cycle" (its parents lead back to itself); `parent` is the row above it or -1; `end` is
 * the row after its last descendant.
 */
export function forest(spans) {
  const { tops, children } = link(spans);
  const rows = [];
  const placed = new Set();
  for (const [span, place] of tops) walk(span, place, children, rows, placed);
  // What no top leads to hangs on a cycle. The earliest of it is shown as a top, and so on.
  for (const span of spans) if (!placed.has(span)) walk(span, 'cycle', children, rows, placed);
  closeSubtrees(rows);
  return rows;
}

function link(spans) {
  const ids = new Set(spans.map((span) => span.span_id));
  const tops = [];
  const children = new Map();
  for (const span of spans) {
    const parent = span.parent_span_id ?? null;
    if (parent === null) tops.push([span, 'root']);
    else if (!ids.has(parent)) tops.push([span, 'orphan']);
    else if (children.has(parent)) children.get(parent).push(span);
    else children.set(parent, [span]);
  }
  return { tops, children };
}

function walk(top, place, children, rows, placed) {
  const stack = [{ span: top, place, parent: -1, depth: 0 }];
  while (stack.length > 0) {
    const { span, place, parent, depth } = stack.pop();
    if (placed.has(span)) continue;
    placed.add(span);
    const index = rows.length;
    rows.push({ span, depth, place, parent, childCount: 0, end: index + 1 });
    if (parent >= 0) rows[parent].childCount += 1;
    const below = children.get(span.span_id) ?? [];
    // The last child goes on the stack first, so that the first one comes off it first.
    for (let at = below.length - 1; at >= 0; at -= 1) {
      stack.push({ span: below[at], place: 'child', parent: index, depth: depth + 1 });
    }
  }
}

/** Children stand behind their parents, so one pass from the back knows every end. */
function closeSubtrees(rows) {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const { parent, end } = rows[index];
    if (parent >= 0 && rows[parent].end < end) rows[parent].end = end;
  }
}

/** The rows to show while some are closed: indices into `rows`. */
export function visible(rows, closed) {
  const shown = [];
  for (let index = 0; index < rows.length; index = closed.has(index) ? rows[index].end : index + 1) {
    shown.push(index);
  }
  return shown;
}

/** From the earliest start to the latest end. */
export function extent(spans) {
  let [from, until] = [spans[0].start_time, spans[0].end_time];
  for (const { start_time: start, end_time: end } of spans) {
    if (start < from) from = start;
    if (end > until) until = end;
  }
  return { from, until };
}
