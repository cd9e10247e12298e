import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the page also works under a path prefix.
  base: './',
  build: {
    outDir: '../../packages/proxy/dist/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing as a data address: the policy of the page allows scripts and styles from files only.
    assetsInlineLimit: 0,
  },
  server: {
    // `npm run dev -w mulligan-dashboard` shows the page of a server that runs on the usual port.
    proxy: Object.fromEntries(
      ['/api', '/docs', '/openapi.json'].map((path) => [path, { target: 'http://127.0.0.1:8000', changeOrigin: true }]),
    ),
  },
});
