/** The tests, with a plugin that can take out a protection: `npm run test:protections`. */
import { defineConfig, mergeConfig } from 'vitest/config'
import tests from '../../vitest.config.ts'
import { takesOut } from './protections/takesOut.ts'

export default mergeConfig(tests, defineConfig({ plugins: [takesOut()] }))
