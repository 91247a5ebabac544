/**
 * Checks the OpenAPI documents by the rules of Redocly (redocly.yaml) and of Spectral (.spectral.yaml), offline: `npm run lint:openapi`, or
 * with other files, `npm run lint:openapi -- FILE ...`. Every problem fails, warnings too.
 */

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { root } from './childProcess.mjs'

const given = process.argv.slice(2)
const committed = () =>
  readdirSync(`${root}/docs/openapi`)
    .filter((file) => file.endsWith('.json'))
    .map((file) => `docs/openapi/${file}`)
const files = given.length > 0 ? given : committed()

/** Without these, Redocly would report its use and ask the registry for a newer version. */
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

/** @returns whether it found nothing; otherwise its report is on standard error */
function passes(script, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/${script}`, 'lint', ...files, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  if (status !== 0) process.stderr.write(stdout + stderr)
  return status === 0
}

const passed = [
  passes('@redocly/cli/bin/cli.js', ['--config', 'redocly.yaml']),
  passes('@stoplight/spectral-cli/dist/index.js', ['--ruleset', '.spectral.yaml', '--fail-severity', 'hint']),
]
if (passed.includes(false)) process.exitCode = 1
