/** A MariaDB server for one test file: its own directory, and a socket. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from './run.ts'

export interface MariaDb {
  readonly socket: string
  close(): Promise<void>
}

const answers = async (socket: string): Promise<boolean> =>
  await run('mariadb-admin', ['--no-defaults', '-S', socket, 'ping']).then(
    () => true,
    () => false,
  )

/** @throws if it does not answer within ten seconds */
export async function startMariaDb(directory: string): Promise<MariaDb> {
  const datadir = `--datadir=${join(directory, 'data')}`
  const user = `--user=${userInfo().username}`
  const method = ['--auth-root-authentication-method=normal', '--skip-test-db']
  await run('mariadb-install-db', ['--no-defaults', datadir, user, ...method])
  const socket = join(directory, 'mariadb.sock')
  const server = spawn(
    '/usr/sbin/mariadbd',
    ['--no-defaults', datadir, user, `--socket=${socket}`, '--skip-networking', `--pid-file=${join(directory, 'pid')}`],
    { stdio: 'ignore' },
  )
  const close = async () => {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
  const last = performance.now() + 10_000
  while (!(await answers(socket))) {
    if (performance.now() > last) {
      await close()
      throw new Error('MariaDB does not answer')
    }
    await pause(50)
  }
  return { socket, close }
}
