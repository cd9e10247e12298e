import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the page also works under a path prefix.
  base: './',
  build: {
    outDir: '../../packages/proxy/dist/dashboard',
    emptyOutDir: true,
    target: 'es2023',
  },
});
