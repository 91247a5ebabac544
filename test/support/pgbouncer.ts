/**
 * A PgBouncer of Debian's package in front of a server, in a mode of its own. It refuses to run as root, so root runs it as the
 * user `postgres`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './postgresServer.ts'

const BINARY = '/usr/sbin/pgbouncer'

export const hasPgbouncer = existsSync(BINARY)
/** For the name of a test that cannot run without it. */
export const withoutPgbouncer = hasPgbouncer ? '' : ' (skipped: there is no /usr/sbin/pgbouncer; apt-get install pgbouncer)'

export interface Pgbouncer {
  /** The same database, through the pooler. */
  readonly url: string
  /** Ends it, with all its connections, and starts it again after so many milliseconds. */
  restart(after: number): Promise<void>
  stop(): Promise<void>
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres']))

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

export async function startPgbouncer(url: string, mode: 'session' | 'transaction' | 'statement', poolSize = 20): Promise<Pgbouncer> {
  const { hostname, port: serverPort, username, password, pathname } = new URL(url)
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'vestibule-pgbouncer-'))
  chmodSync(home, 0o755)
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${serverPort} user=${username} password=${password}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    `auth_type = any\npool_mode = ${mode}\ndefault_pool_size = ${poolSize}`,
  ]
  writeFileSync(join(home, 'pgbouncer.ini'), `${lines.join('\n')}\n`)
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(BINARY, ['-q', join(home, 'pgbouncer.ini')], { ...owner, cwd: home, stdio: 'ignore' })
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries > 200) throw new Error('PgBouncer does not listen')
      await sleep(50)
    }
    return child
  }
  let child = await start()
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  return {
    url: `postgresql://anybody@127.0.0.1:${port}${pathname}`,
    async restart(after) {
      await kill()
      await sleep(after)
      child = await start()
    },
    async stop() {
      await kill()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
