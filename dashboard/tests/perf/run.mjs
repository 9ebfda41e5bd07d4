// Measures the dashboard with a real server: checks P1, P2, P3, P5, P6 and P8 of the specification, one after the other, each
// after a calibration that checks that the machine is quiet. P7 takes longer: tests/live/steady.mjs.

import { openBrowser } from '../support/browser.mjs';
import { Checks } from '../support/acceptance.mjs';
import { calibrate } from './calibration.mjs';
import { coldLoad, largeOverview } from './overview.mjs';
import { openLargeTrace } from './waterfall.mjs';

const checks = new Checks('perf');
const { context, close } = await openBrowser();
try {
  const scenarios = [
    () => coldLoad(checks, context),
    () => largeOverview(checks, context),
    () => openLargeTrace(checks, context, 50_000, 1000),
    () => openLargeTrace(checks, context, 100_000, 1800),
  ];
  const calibrations = [];
  for (const scenario of scenarios) {
    calibrations.push(await calibrate(context));
    await scenario();
  }
  checks.save({ calibrations });
} finally {
  await close();
}
