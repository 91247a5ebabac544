/**
 * `.env` as every program reads it that has the same file: what two of them would understand differently is refused, in one line that
 * says where and how to write it. No problem repeats a value.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, namesInDoubt, readEnvironment } from '../../../src/config.ts'

let directory: string
const write = (text: string): void => writeFileSync(join(directory, '.env'), text)
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-env-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const readValue = (line: string): string | undefined => {
  write(`${line}\n`)
  return readEnvironment(directory).VT_A
}

const problemOf = (text: string): string => {
  write(text)
  try {
    readEnvironment(directory)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).problems.join('\n')
  }
  return ''
}

describe('a value', () => {
  test.each([
    ['VT_A=plain', 'plain'],
    ['VT_A=', ''],
    ['VT_A=""', ''],
    ['VT_A=two words', 'two words'],
    ['VT_A= outer ', 'outer'],
    ['VT_A=x # a comment', 'x'],
    ["VT_A='x' # a comment", 'x'],
    ["VT_A='a-long-password#12345'", 'a-long-password#12345'],
    ['VT_A="a-long-password#12345"', 'a-long-password#12345'],
    ['VT_A=\'$HOME `id` "x" C:\\data\'', '$HOME `id` "x" C:\\data'],
    ['VT_A="it\'s"', "it's"],
    ["VT_A=' kept '", ' kept '],
    ['VT_A=100$', '100$'],
    ['VT_A="a $ b"', 'a $ b'],
    ['VT_A=postgresql://v:p%23x@db/x?sslmode=require&a=b', 'postgresql://v:p%23x@db/x?sslmode=require&a=b'],
    ['export VT_A=x', 'x'],
    ['VT_A=Acme <a@x.example>', 'Acme <a@x.example>'],
  ])('%s', (line, value) => {
    expect(readValue(line)).toBe(value)
  })

  test.each([
    ['a # with no white space before it', 'VT_A=a-long-password#12345', 'a # in it'],
    ['a # with nothing before it', 'VT_A=#12345', 'a # in it'],
    ['a # with no white space and a comment', 'VT_A=hunter2#1 # the password', 'a # in it'],
    ['a double quote within', 'VT_A=hunter"2', 'a quote in it'],
    ['a single quote within', "VT_A=it's", 'a quote in it'],
    ['a quote at its end', 'VT_A=hunter2"', 'a quote in it'],
    ['a backquote', 'VT_A=`hunter2`', 'a quote in it'],
    ['a backslash', 'VT_A=C:\\hunter2', 'a backslash in it'],
    ['a backslash at its end', 'VT_A=hunter2\\\nVT_B=1', 'a backslash in it'],
    ['a variable', 'VT_A=hunter2$HOME', 'a $ in it'],
    ['a variable in braces', `VT_A=hunter2$${'{HOME:-x}'}`, 'a $ in it'],
    ['a command', 'VT_A=$(id)hunter2', 'a $ in it'],
    ['two $', 'VT_A=hunter$$2', 'a $ in it'],
    ['a variable in double quotes', 'VT_A="hunter2$HOME"', 'a $ in it'],
    ['a backslash in double quotes', 'VT_A="hunter\\n2"', 'a backslash in it'],
    ['a command in double quotes', 'VT_A="`hunter2`"', 'a quote in it'],
  ])('%s is refused without single quotes around it', (_name, text, what) => {
    expect(problemOf(text)).toBe(`.env: line 1: VT_A has ${what}, which programs read differently: put the value in single quotes`)
  })

  test.each(["VT_A='hunter\\\\2'", "VT_A='hunter2\\'"])('%s: backslashes that some programs take away', (text) => {
    expect(problemOf(text)).toBe('.env: line 1: VT_A has a backslash before a backslash or a quote, which programs read differently')
  })

  test.each([
    ['text after a quote', 'VT_A="hunter2" y'],
    ['a comment right after a quote', "VT_A='hunter2'#x"],
    ['a colon for =', 'VT_A: hunter2'],
    ['a dash in the name', 'VT-A=hunter2'],
    ['a dot in the name', 'VT.A=hunter2'],
    ['a digit at its beginning', '1VT=hunter2'],
    ['a comment of systemd', '; hunter2'],
    ['a quote that does not end', "VT_A='hunter2"],
  ])('%s is no entry', (_name, text) => {
    expect(problemOf(`VT_B=1\n${text}\n`)).toBe('.env: line 2 is not NAME=value')
  })

  test('a name that is there twice is refused, as people see the first and programs the last', () => {
    expect(problemOf('VT_A=1\n\n# VT_A=3\nVT_A=2\n')).toBe('.env: line 4: VT_A is already set on line 1')
  })

  test('a carriage return alone is refused', () => {
    expect(problemOf('VT_A=hunter\r2\n')).toBe('.env: line 1: VT_A contains a control character')
  })

  test('all that is wrong is reported at once, by its lines', () => {
    expect(
      problemOf('VT_A=a#b\nVT_B="two\nlines"\nVT_C=it\'s\n')
        .split('\n')
        .map((line) => line.slice(0, 18)),
    ).toEqual(['.env: line 1: VT_A', '.env: line 4: VT_C'])
  })

  test('a shell reads what is taken as we do, where it has no white space outside quotes', () => {
    const text = [
      "VT_A='a-long-password#12345'",
      'VT_B="it\'s # in"',
      'VT_C=\'$HOME `id` "x" C:\\data\'',
      'VT_D=x # comment',
      'VT_E=100$',
      'export VT_F=postgresql://v:p%23x@db/x?a=b',
      'VT_G="two\nlines"',
      "VT_H=''",
    ].join('\n')
    write(text)
    const print = 'set -a; . ./.env; exec "$0" -e "process.stdout.write(JSON.stringify(process.env))"'
    const shell = JSON.parse(execFileSync('sh', ['-c', print, process.execPath], { cwd: directory, encoding: 'utf8', env: {} }))
    const ours = readEnvironment(directory)
    for (const name of ['VT_A', 'VT_B', 'VT_C', 'VT_D', 'VT_E', 'VT_F', 'VT_G', 'VT_H']) expect(ours[name]).toBe(shell[name])
    expect(ours.VT_G).toBe('two\nlines')
  })
})

describe('a name that is not a setting', () => {
  test.each([
    ['PROT=5000', ['.env: PROT is not a setting: PORT?']],
    ['port=5000', ['.env: port is not a setting: PORT?']],
    ['DATABSE_URL=x', ['.env: DATABSE_URL is not a setting: DATABASE_URL?']],
    ['TRUSTED_PROXY=x', ['.env: TRUSTED_PROXY is not a setting: TRUSTED_PROXIES?']],
    ['ADMIN_PASSWD=x', ['.env: ADMIN_PASSWD is not a setting: ADMIN_PASSWORD?']],
    ['COMMON_PASSWORD_GRAPHQL=true', ['.env: COMMON_PASSWORD_GRAPHQL is not a setting: COMMON_PASSWORDS_GRAPHQL?']],
    ['WEKAN_COLOUR=red', ['.env: WEKAN_COLOUR is not a setting']],
    ['LIMIT_SIGN_INS=5', ['.env: LIMIT_SIGN_INS is not a setting']],
    ['NODE_EXTRA_CA_CERTS=x', ['.env: NODE_EXTRA_CA_CERTS has no effect here: Node.js reads it only from the environment']],
    ['NODE_OPTIONS=x', ['.env: NODE_OPTIONS has no effect here: Node.js reads it only from the environment']],
    ['POSTGRES_PASSWORD=x\nCOMPOSE_PROJECT_NAME=y\nTZ=z\nPATH=/bin\nHOME=/x\nVT_A=1', []],
    ['PORT=5000\nHOST=::\nNODE_ENV=production', []],
  ])('%s', (text, doubts) => {
    write(text)
    expect(namesInDoubt(directory)).toEqual(doubts)
  })

  test('a name of the real environment is reported only if it is long and a letter off', () => {
    process.env.CORS_ORIGIN = 'https://a.example'
    process.env.PROT = '5000'
    try {
      expect(namesInDoubt(directory)).toEqual(['CORS_ORIGIN is not a setting: CORS_ORIGINS?'])
    } finally {
      delete process.env.CORS_ORIGIN
      delete process.env.PROT
    }
  })
})
