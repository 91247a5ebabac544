/** The comparison with the frozen documents, which `npm run documents:check` runs when its inputs have changed. */
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['test/openapi/*.check.ts'], testTimeout: 30_000 } })
