/** What fail2ban finds with a filter: in a file, by `fail2ban-regex`; in the journal, by its own classes, since that needs no journal here. */
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

const JOURNAL = `
import sys, time
from fail2ban.client.filterreader import FilterReader
from fail2ban.server.filter import Filter
reader = FilterReader('vestibule', 'test', {}, basedir=sys.argv[1])
reader.read()
reader.getOptions({}, all=True)
found = Filter(None)
for command in reader.convert():
  if command[2] == 'addfailregex': found.addFailRegex(command[3])
for line in sys.stdin:
  for failure in found.processLine(('', '2026-11-29T11:20:00 ', line.rstrip()), time.time()): print(failure[1])
`

/**
 * The addresses that it finds in these lines of the unit of systemd: each as its backend for the journal makes it, with the host and the
 * process in front, and with the time in it. @param directory of `filter.d`
 */
export const addressesInJournal = (lines: readonly string[], directory: string): string[] => {
  const input = lines.map((line) => `web1 node[812]: ${line}`).join('')
  const found = execFileSync('/usr/bin/python3', ['-c', JOURNAL, directory], { encoding: 'utf8', input })
  return found.split('\n').filter((line) => line !== '')
}
