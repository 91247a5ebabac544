/**
 * Child processes for the tools. Their output is kept and shown only when they fail, so that a start on a fresh clone prints
 * one line a step.
 */
import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** @returns {Promise<void>} rejects with the output of a command that failed. */
export function run(command, args) {
  return new Promise((resolve, reject) => {
    let output = ''
    const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.once('error', (error) => reject(new Error(`${command}: ${error.message}`)))
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${basename(command)} ${args.join(' ')} failed:\n${output.trim()}`)),
    )
  })
}

/** The npm that started us, or else the one on the path. */
export function npm(...args) {
  const script = process.env.npm_execpath
  return script && basename(script).startsWith('npm') ? run(process.execPath, [script, ...args]) : run('npm', args)
}
