import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a running server. Everything that is not a file of the dashboard goes there.
const target = process.env.TARGET_URL ?? 'http://localhost:8080';
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
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
