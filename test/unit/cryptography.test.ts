/**
 * Which algorithms the server has, read from its source: no use of a primitive that this table does not know (ASVS 6.5.3, 11.2.1, 11.2.3, 11.2.4, 11.3.1 to
 * 11.3.4, 11.4.1, 11.4.3, 11.6.1). What the importers and the families of foreign hashes take is what other programs have made.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Foreign hashes and files, tools that make files, generated code. */
const FOREIGN = /^(?:domain\/hashing\/families|importers|exporters|tools|db\/generated)\//

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !FOREIGN.test(file))
  .sort()
const textOf = (file: string): string => readFileSync(join('src', file), 'utf8').replace(/\/\*.*?\*\/|\/\/ .*$/gms, '')
const texts = new Map(files.map((file) => [file, textOf(file)]))

/** What a pattern finds, by file. */
const found = (pattern: RegExp): Record<string, string[]> =>
  Object.fromEntries(
    [...texts].flatMap(([file, text]) => {
      const all = [...text.matchAll(pattern)].map(([whole, part]) => part ?? whole)
      return all.length === 0 ? [] : [[file, [...new Set(all)].sort()]]
    }),
  )

test('chance comes from the operating system: Math.random only spreads repeated transactions', () => {
  expect(found(/Math\.random|pseudoRandom\w*|seedrandom|mersenne/gi)).toEqual({ 'db/transaction.ts': ['Math.random'] })
})

test('one cipher, with authentication, a nonce of 96 random bits for each envelope and a key of 256 bits', () => {
  expect(found(/create(?:C|Dec)ipher(?:iv)?\(([^,]*)/g)).toEqual({ 'domain/keys/secretBox.ts': ["'aes-256-gcm'"] })
  expect(found(/publicEncrypt|privateDecrypt|\bRSA|-(?:ecb|cbc|ctr)\b|\b(?:des|rc4)-|RSA_PKCS1\w*/g)).toEqual({})
  const box = texts.get('domain/keys/secretBox.ts')
  expect(box).toMatch(
    /IV_BYTES = 12\n[\s\S]*const iv = randomBytes\(IV_BYTES\)\n\s*const cipher = createCipheriv\('aes-256-gcm', newest\.sealing, iv,/,
  )
  expect(box).toMatch(/hkdfSync\('sha256', secret, '', `vestibule \$\{purpose\}`, 32\)/)
})

test('signatures are ECDSA with P-256 and SHA-256, and every other hash has 256 bits', () => {
  expect(found(/\b(?:sign|verify)\('([^']+)'/g)).toEqual({ 'domain/sessions/accessTokens.ts': ['sha256'] })
  expect(found(/SIGNING_ALGORITHM = '(\w+)'/g)).toEqual({ 'domain/keys/signingKeys.ts': ['ES256'] })
  const hashes = found(/(?:createHash|createHmac|hkdfSync|\bhash)\((?:'((?:sha|md)\w+)'|(?=algorithm))/g)
  expect(new Set(Object.values(hashes).flat())).toEqual(new Set(['sha1', 'sha256', 'createHash(']))
  // The index of the service of breached passwords; a name of a persisted document, which the manifest says.
  expect(Object.entries(hashes).filter(([, names]) => names.some((name) => name !== 'sha256'))).toEqual([
    ['graphql/manifest.ts', ['createHash(']],
    ['http/pwnedPasswords.ts', ['sha1']],
  ])
  // What an import says of foreign hashes; sums and states that are compared with each other; names of documents of other tools.
  expect(Object.keys(found(/\bmd[45]\b/gi))).toEqual([
    'cli/commands/importAccounts.ts',
    'db/tableSums.ts',
    'domain/moving/accountState.ts',
    'graphql/manifest.ts',
  ])
})

test('every comparison of a secret that is not a look-up of its hash takes the same time', () => {
  expect(Object.keys(found(/timingSafeEqual\(/g))).toEqual([
    'domain/keys/secretBox.ts',
    'domain/twoFactor/importedCodes.ts',
    'domain/twoFactor/totp.ts',
    'server/metrics/metricsServer.ts',
  ])
  expect(
    found(/(?:token|secret|tag|hash|digest|signature|code|password)\w* *[!=]== *(?:expected|given|presented|known|computed)\w*/gi),
  ).toEqual({})
})

test('nothing is compiled from text: no template and no expression comes from outside', () => {
  expect(found(/\beval\(|new Function\(|vm\.run|\bcompileFunction\b|from '(?:ejs|handlebars|mustache|pug|nunjucks|lodash)'/g)).toEqual({})
})
