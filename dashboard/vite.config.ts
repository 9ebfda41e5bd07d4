// Configures Vite and Vitest.

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The server behind `npm run dev`, which gets the requests of the paths below. */
const target = process.env.TARGET_URL ?? 'http://localhost:8080';
/** Limit: tests of random operations take a second or two, and much longer on a busy machine. */
const TEST_MS_MAX = 30_000;
const proxied = ['/api', '/traces', '/spans', '/health', '/metrics', '/docs', '/openapi'];

export default defineConfig({
  plugins: [react()],
  // The server may be below a prefix of a proxy. Relative paths work there, too.
  base: './',
  build: {
    target: 'es2023',
    // The server's content security policy allows no inlined files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, { target, changeOrigin: true }])) },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', testTimeout: TEST_MS_MAX },
});
