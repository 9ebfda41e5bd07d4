import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a running server. Everything that is not a file of the dashboard goes there.
const target = process.env.TARGET_URL ?? 'http://localhost:8080';
/** Limit: tests of random operations take a second or two, and several times that on a busy machine. */
const TEST_MS_MAX = 30_000;
const proxied = ['/api', '/traces', '/spans', '/health', '/metrics', '/docs', '/openapi'];

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // The content policy of the server allows no inlined files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, { target, changeOrigin: true }])) },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', testTimeout: TEST_MS_MAX },
});
