/**
 * `oathtool` (OATH Toolkit, the Debian package of that name) as the authenticator app: an implementation of RFC 6238 that is not
 * ours. OATHTOOL_PATH, or the one on PATH.
 */
import { execFileSync } from 'node:child_process'

/** The program, if this machine has it. Says on standard error that its tests do not run when there is none. */
export function findOathtool(): string | undefined {
  const given = process.env.OATHTOOL_PATH
  const path = given === undefined || given === '' ? 'oathtool' : given
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' })
    return path
  } catch {
    process.stderr.write('\nOATHTOOL TESTS DID NOT RUN: no oathtool found. Install the package oathtool, or set OATHTOOL_PATH.\n\n')
    return undefined
  }
}

/** What the app shows for a secret in base32 at an instant. */
export const codeAt = (path: string, secret: string, at: Date): string =>
  execFileSync(path, ['--totp', '--base32', `--now=@${Math.floor(at.getTime() / 1000)}`, secret], { encoding: 'utf8' }).trim()
