/**
 * Debian's nginx with the configuration for operators, ops/nginx.conf, as it is but for the port, the servers and the certificate, which
 * it gets here.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './postgresServer.ts'

const BINARY = '/usr/sbin/nginx'
const OPENSSL = '/usr/bin/openssl'
const SAMPLE = new URL('../../ops/nginx.conf', import.meta.url)

export const hasNginx = existsSync(BINARY) && existsSync(OPENSSL)
/** For the name of a test that cannot run without it. */
export const withoutNginx = hasNginx
  ? ''
  : ' (skipped: there is no /usr/sbin/nginx or /usr/bin/openssl; apt-get install nginx-light openssl)'

export interface Nginx {
  readonly port: number
  /** Its certificate, for accounts.example.com. */
  readonly ca: string
  stop(): Promise<void>
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const makeCertificate = (home: string): void => {
  const name = ['-subj', '/CN=accounts.example.com', '-addext', 'subjectAltName=DNS:accounts.example.com']
  const files = ['-keyout', join(home, 'accounts.key'), '-out', join(home, 'accounts.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync(OPENSSL, ['req', '-x509', '-days', '2', ...key, ...name, ...files], { stdio: 'pipe' })
}

/** Puts the text for what the sample has exactly once. */
const substituted = (sample: string, values: readonly (readonly [string, string])[]): string =>
  values.reduce((text, [sampled, value]) => {
    if (text.split(sampled).length !== 2) throw new Error(`ops/nginx.conf does not have ${sampled} once`)
    return text.replace(sampled, value)
  }, sample)

/** In front of two servers on these ports of this machine. */
export async function startNginx(servers: readonly [number, number]): Promise<Nginx> {
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'vestibule-nginx-'))
  chmodSync(home, 0o755)
  makeCertificate(home)
  const site = substituted(readFileSync(SAMPLE, 'utf8'), [
    ['127.0.0.1:4000;', `127.0.0.1:${servers[0]};`],
    ['127.0.0.1:4001;', `127.0.0.1:${servers[1]};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/ssl/accounts.pem', join(home, 'accounts.pem')],
    ['/etc/ssl/accounts.key', join(home, 'accounts.key')],
  ])
  writeFileSync(join(home, 'vestibule.conf'), site)
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${home}/${what};`)
  const main = `daemon off; worker_processes 2; pid ${home}/pid; error_log ${home}/error.log;
    events { worker_connections 512; }
    http { access_log off; ${places.join(' ')} include ${home}/vestibule.conf; }`
  writeFileSync(join(home, 'nginx.conf'), main)
  const child = spawn(BINARY, ['-p', home, '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')], { stdio: 'ignore' })
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`nginx does not listen: ${readFileSync(join(home, 'error.log'), 'utf8')}`)
    await sleep(50)
  }
  return {
    port,
    ca: readFileSync(join(home, 'accounts.pem'), 'utf8'),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(home, { recursive: true, force: true })
          resolve()
        })
        child.kill('SIGTERM')
      }),
  }
}
