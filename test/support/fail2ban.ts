/** `fail2ban-regex`, which reads a log with a filter as fail2ban does. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = '/usr/bin/fail2ban-regex'

export const hasFail2ban = existsSync(PROGRAM)
if (!hasFail2ban && process.env.CI === 'true') throw new Error('fail2ban-regex is missing')

/** The addresses that a filter finds in these lines, in their order. */
export const addressesIn = (lines: string, filter: string): string[] => {
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-fail2ban-'))
  try {
    const file = join(directory, 'log')
    writeFileSync(file, lines)
    const found = execFileSync(PROGRAM, ['--out', 'ip', file, filter], { encoding: 'utf8' })
    return found.split('\n').filter((line) => line !== '')
  } finally {
    rmSync(directory, { recursive: true })
  }
}
