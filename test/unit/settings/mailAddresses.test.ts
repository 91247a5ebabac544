/** The sender of every mail and the first administrator: exactly one address each, one that a mail can be written to. */
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { problemsOf } from './problems.ts'

describe('MAIL_FROM', () => {
  test.each([
    ['Vestibule <no-reply@localhost>', 'Vestibule', 'no-reply@localhost'],
    ['no-reply@example.com', '', 'no-reply@example.com'],
    ['<no-reply@example.com>', '', 'no-reply@example.com'],
    ['"Acme, Inc." <no-reply@example.com>', 'Acme, Inc.', 'no-reply@example.com'],
    ['Acme, Inc. <no-reply@example.com>', 'Acme, Inc.', 'no-reply@example.com'],
    ['"The \\"Acme\\" shop" <no-reply@example.com>', 'The "Acme" shop', 'no-reply@example.com'],
    ["O'Neil's <no-reply@example.com>", "O'Neil's", 'no-reply@example.com'],
    ['  حساباتي   <no-reply@example.com> ', 'حساباتي', 'no-reply@example.com'],
    ['Acme <no-reply@bücher.example>', 'Acme', 'no-reply@xn--bcher-kva.example'],
    ['Acme <No-Reply@Example.COM>', 'Acme', 'No-Reply@example.com'],
    ['Acme <bounces+a=b.c@mail.example.co.uk>', 'Acme', 'bounces+a=b.c@mail.example.co.uk'],
  ])('%s', (text, name, address) => {
    expect(readConfig({ MAIL_FROM: text }).MAIL_FROM).toEqual({ name, address })
  })

  test('MAIL_FROM is Vestibule by default', () => {
    expect(readConfig({}).MAIL_FROM).toEqual({ name: 'Vestibule', address: 'no-reply@localhost' })
  })

  const ONE = 'must be one address, with or without a name: Acme <no-reply@example.com>'
  test.each([
    ['@', 'is not an address that mail can be sent to: "@"'],
    ['Acme <>', ONE],
    ['Acme', 'is not an address that mail can be sent to: "Acme"'],
    ['a@x.example, b@x.example', ONE],
    ['a@x.example; b@x.example', ONE],
    ['Acme: Support <no-reply@x.example>', ONE],
    ['Acme: Support <no-reply@x.example>;', ONE],
    ['undisclosed-recipients:;', ONE],
    ['Acme no-reply@x.example', ONE],
    ['Acme <no-reply@x.example> junk', ONE],
    ['Acme <no-reply@x.example', ONE],
    ['Acme (sales) <no-reply@x.example>', ONE],
    ['(sales) no-reply@x.example', ONE],
    ['root@x.example <no-reply@x.example>', 'has an address in its name, which readers would take as the sender'],
    ['"a b"@x.example', 'is not an address that mail can be sent to: "\\"a b\\"@x.example"'],
    ['a@b@c.example', 'is not an address that mail can be sent to: "a@b@c.example"'],
    ['a..b@x.example', 'is not an address that mail can be sent to: "a..b@x.example"'],
    ['.a@x.example', 'is not an address that mail can be sent to: ".a@x.example"'],
    ['نور@x.example', 'has letters outside ASCII before the @, which many mail servers refuse'],
    ['a@1', 'is not an address that mail can be sent to: "a@1"'],
    ['a@127.0.0.1', 'is not an address that mail can be sent to: "a@127.0.0.1"'],
    ['a@[127.0.0.1]', 'is not an address that mail can be sent to: "a@[127.0.0.1]"'],
    ['a@my_host.example', 'is not an address that mail can be sent to: "a@my_host.example"'],
    ['a@x..example', 'is not an address that mail can be sent to: "a@x..example"'],
    ['a@x.example.', 'is not an address that mail can be sent to: "a@x.example."'],
    ['a@x.example/path', 'is not an address that mail can be sent to: "a@x.example/path"'],
    ['a@a%41.example', 'is not an address that mail can be sent to: "a@a%41.example"'],
    ['a@x.example:25', ONE],
    ['=?utf-8?q?Acme?= <a@x.example>', 'has an encoded word in its name: write the name itself'],
    [`${'x'.repeat(101)} <a@x.example>`, 'has a name of more than 100 characters'],
  ])('%s is refused', (text, problem) => {
    expect(problemsOf({ MAIL_FROM: text })).toEqual([`MAIL_FROM: ${problem}`])
  })
})

describe('ADMIN_EMAIL', () => {
  const read = (email: string) => ({ ADMIN_EMAIL: email, ADMIN_PASSWORD: 'first programmer' })

  test('ADMIN_EMAIL is kept as it was typed', () => {
    expect(readConfig(read(' Ada.King+x@Example.com ')).ADMIN_EMAIL).toBe('Ada.King+x@Example.com')
  })

  test.each([
    ['nobody', 'must be a valid e-mail address'],
    ['Ada <ada@example.com>', 'must be the address alone: ada@example.com?'],
    ['<ada@example.com>', 'must be the address alone: ada@example.com?'],
    ['a@x.example, b@x.example', 'must be one address'],
    ['friends: a@x.example', 'must be one address'],
    ['ada@bücher.example', 'has letters outside ASCII in its domain: ada@xn--bcher-kva.example?'],
    ['نور@example.com', 'must be a valid e-mail address'],
    ['a@b@c', 'must be a valid e-mail address'],
    ['.ada@example.com', 'must be a valid e-mail address'],
    ['ada@1', 'must be a valid e-mail address'],
    [`ada@${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.example.com`, 'must be a valid e-mail address'],
  ])('%s is refused', (email, problem) => {
    expect(problemsOf(read(email))).toEqual([`ADMIN_EMAIL: ${problem}`])
  })
})
