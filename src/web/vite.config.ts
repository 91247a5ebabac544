/**
 * The build of the pages into `dist/web`. The server puts its own values in place of those of index.html (pages/pageDocument.ts), and a
 * new nonce with each answer.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Below whatever path a proxy adds.
  base: './',
  html: { cspNonce: 'VESTIBULE_NONCE' },
  build: {
    outDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: true,
    target: 'es2022',
    reportCompressedSize: false,
  },
  esbuild: { jsx: 'automatic', legalComments: 'none' },
})
