/** Child processes for the tools. If one fails, its output is the message of the error. */
import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs `node` with these arguments. `stdio`: where to send its output instead. */
export function node(args, stdio = 'pipe') {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  execute(process.execPath, args, { cwd: root, env, stdio })
}

/** Runs the npm that started us, or else the one on the path. */
export function npm(args, stdio = 'pipe') {
  const script = process.env.npm_execpath
  if (script && basename(script).startsWith('npm')) node([script, ...args], stdio)
  else execute('npm', args, { cwd: root, stdio })
}

function execute(command, args, options) {
  try {
    execFileSync(command, args, options)
  } catch ({ message, stdout, stderr }) {
    throw new Error(`${basename(command)} ${args.join(' ')} failed:\n${`${stdout ?? ''}${stderr ?? ''}`.trim() || message}`)
  }
}
