/** Protections of passwords, second factors, codes and links. */
import { type Protection, without } from './protection.ts'

const INPUT = 'domain/base/input.ts'
const SIGN_IN = 'domain/signIn/signIn.ts'
const CHANGE = 'domain/passwords/changePassword.ts'
const POLICY = 'domain/passwords/policy.ts'
const HASHER = 'domain/hashing/hasher.ts'
const RESET = 'domain/recovery/resetPassword.ts'
const TOTP = 'domain/twoFactor/totp.ts'
const TRIES = 'domain/passwords/tries.ts'
const VERIFY = 'domain/signIn/verifyTwoFactor.ts'
const CODES = 'domain/mailTokens/codes.ts'

// biome-ignore format: a table is read by its rows
export const credentials: readonly Protection[] = [
  without('6.2.1', 'a password may be short', INPUT, "codePoints(value.normalize('NFC')) >= minimum", "codePoints(value.normalize('NFC')) >= 1"),
  without('6.2.1', 'GraphQL takes six characters', 'domain/base/surfaces.ts', 'graphql: 8,', 'graphql: 5,'),
  without('6.2.2', 'a change of password changes nothing', CHANGE, 'data: { passwordHash, mustChangePassword: false,', 'data: { mustChangePassword: false,'),
  without('6.2.3', 'a change of password needs no password', CHANGE, '  if (!(await isProof(domain, caller, account, given.oldPassword))) throw wrongOldPassword()\n'),
  without('6.2.4', 'common passwords are taken', POLICY, '(value) => !isCommon(value)', '() => true'),
  without('6.2.5', 'a password needs a digit', INPUT, '    .meta({ minLength: minimum, maxLength: 128 })', "    .refine((value) => value.length > 16 || /\\d/.test(value), 'must have a digit')\n    .meta({ minLength: minimum, maxLength: 128 })"),
  without('6.2.8', 'passwords are cut at 72 bytes', 'domain/hashing/argon2.ts', "return { name: '@node-rs/argon2', hash, verify }", "return { name: '@node-rs/argon2', hash: async (text, cost) => await hash(text.slice(0, 72), cost), verify: async (phc, text) => await verify(phc, text.slice(0, 72)) }"),
  without('6.2.8', 'a password without its capitals is taken', HASHER, "for (const form of new Set([password.normalize('NFC'), password]))", "for (const form of new Set([password.normalize('NFC'), password, password.toLowerCase(), password.toUpperCase(), password.trim()]))"),
  without('6.2.9', 'a password has at most 63 characters', INPUT, "upTo(128)(value.normalize('NFC'))", "upTo(63)(value.normalize('NFC'))"),
  without('6.2.10', 'a password ends after a year', SIGN_IN, "  if (account.loginDisabled) throw", "  if (domain.clock.now().getTime() - account.updatedAt.getTime() > 31_536_000_000) throw new Failure('BAD_CREDENTIALS')\n  if (account.loginDisabled) throw"),
  without('6.2.11', 'a password may be made of names', POLICY, '(value) => !isContext(value)', '() => true'),
  without('6.2.12', 'breached passwords are taken', POLICY, '(await besides(async () => await domain.isPwned(value)))', '(await besides(async () => (await domain.isPwned(value)) && value === \'\'))'),
  without('6.3.1', 'wrong passwords cause no wait', 'domain/limits/passwordDelays.ts', 'if (consumedPoints < limit) return', 'if (consumedPoints >= 0) return'),
  without('6.3.1', 'an account may be guessed at from any number of addresses', TRIES, 'const isOpen = failures !== null && failures < hard', 'const isOpen = failures !== null'),
  without('6.3.1 2.4.1', 'an address may make any number of attempts', 'domain/limits/limits.ts', '      await take(attempts, addressGroup(clientAddress))\n'),
  without('8.2.4', 'the device of the owner is like any other', TRIES, 'const isKnown = client !== null && (', 'const isKnown = client === -1 && ('),
  without('6.3.3', 'an administrator needs no second factor', 'domain/sessions/rights.ts', 'isAdmin && config.REQUIRE_ADMIN_TWO_FACTOR && (', 'isAdmin && config.REQUIRE_ADMIN_TWO_FACTOR && Date.now() < 0 && ('),
  without('6.3.4 2.3.1', 'the second factor is not asked for on a dialect', SIGN_IN, 'if (account.twoFactorSecret !== null) {', "if (account.twoFactorSecret !== null && caller.surface !== 'idiot' && caller.surface !== 'wekan') {"),
  without('2.3.1', 'the second factor is not asked for', SIGN_IN, 'if (account.twoFactorSecret !== null) {', 'if (account.twoFactorSecret === undefined) {'),
  without('6.3.5 8.2.4', 'no notice of a new device is sent', 'domain/sessions/devices.ts', "if (domain.config.NEW_DEVICE_NOTICE) await notice", "if (domain.config.NEW_DEVICE_NOTICE && Date.now() < 0) await notice"),
  without('6.3.6 6.4.3', 'a link in a mail turns the second factor off', RESET, 'const isFirst = isProof && !wasEverProven(account)', 'const isFirst = isProof || !wasEverProven(account)'),
  without('6.3.7', 'no notice of a new address is sent', 'domain/emails/changeEmail.ts', "  await notice(domain, tx, account, 'emailChanged', { newAddress: email, hold: domain.config.EMAIL_CHANGE_HOLD }, undo)\n"),
  without('6.3.7 6.2.2', 'no notice of a new password is sent', CHANGE, "    await notice(domain, tx, updated, 'passwordChanged')\n"),
  without('6.3.8', 'a sign-in says that there is no account', SIGN_IN, "  if (account === null || !fits) throw", "  if (account === null) throw new Failure('INVALID_LOGIN_CODE')\n  if (account === null || !fits) throw"),
  without('6.3.8', 'a forgotten password says that there is no account', RESET, 'if (domain.surfaces[caller.surface].disclosesUnknownEmail && ', 'if ('),
  without('6.3.8', 'a disabled account is named without its password', SIGN_IN, '  if (account === null || !fits) throw', "  if (account?.loginDisabled) throw new Failure('ACCOUNT_DISABLED')\n  if (account === null || !fits) throw"),
  without('6.4.1 6.5.5', 'a code in a mail never ends', CODES, 'codeExpiresAt: { gt: now }, ', ''),
  without('6.4.1 6.4.6', 'who got a password from an administrator is not asked to change it', 'domain/signIn/signUp.ts', 'mustChangePassword: true', 'mustChangePassword: false'),
  without('6.4.2', 'a hint is asked for', 'rest/xiot/inputs.ts', 'export const ForgetPassword = z.object({ email: nonEmpty })', 'export const ForgetPassword = z.object({ email: nonEmpty, hint: text.optional() })'),
  without('6.4.4', 'an administrator resets the own factor without a proof', 'domain/administration/administer.ts', "if (found.id === viewer.account.id) throw new Failure('OWN_ACCOUNT')", ''),
  without('6.5.1 15.4.2', 'a code of the app is taken twice', TOTP, '      OR: [{ twoFactorLastStep: null }, { twoFactorLastStep: { lt: step } }],\n'),
  without('6.5.1 2.3.4', 'a recovery code is taken twice', 'domain/twoFactor/recoveryCodes.ts', 'selector: row.selector, hash: row.hash, usedAt: null }', 'selector: row.selector, hash: row.hash }'),
  without('6.5.4', 'a recovery code has ten bits', 'domain/secrets/recoveryCode.ts', 'SECRET_LENGTH = 10', 'SECRET_LENGTH = 2'),
  without('6.5.4', 'a code in a mail has four digits', 'domain/secrets/mailToken.ts', 'const DIGITS = 6', 'const DIGITS = 4'),
  without('6.5.4', 'the secret of an app has 80 bits', TOTP, 'SECRET_BYTES = 20', 'SECRET_BYTES = 10'),
  without('6.5.5', 'a code of the app lives for three steps', TOTP, 'of [current, current - 1])', 'of [current, current - 1, current - 2])'),
  without('6.5.8', 'the clock of the app counts', TOTP, 'of [current, current - 1])', 'of [current + 1, current, current - 1])'),
  without('6.5.6', 'a factor that is turned off stays', 'domain/twoFactor/turnOff.ts', '      twoFactorSecret: null,\n'),
  without('6.5.6', 'old recovery codes live on', 'domain/twoFactor/recoveryCodes.ts', '  await tx.recoveryCode.deleteMany({ where: { userId } })\n'),
  without('6.6.2', 'a login code works twice', VERIFY, "  if (count === 0) throw new Failure('INVALID_LOGIN_CODE').about(account.id)\n"),
  without('6.6.2', 'the code of a mail is for anybody', 'domain/emails/confirmEmail.ts', "  if (!isInteractive(viewer)) throw invalidCode()\n  return await findByCode(domain, caller, viewer.account.id, code)", "  const found = await domain.db.mailToken.findFirstOrThrow({ where: { codeHash: { not: null } }, orderBy: { createdAt: 'desc' } })\n  return await findByCode(domain, caller, isInteractive(viewer) ? found.userId : found.userId, code)"),
  without('6.6.3', 'codes may be guessed without a wait', 'domain/twoFactor/guesses.ts', 'if (rows.length > 0) return', 'if (rows.length >= 0) return'),
  without('11.2.2', 'a hash stays as weak as it is', 'domain/passwords/checkPassword.ts', 'domain.hasher.isWeak(account.passwordHash)) await', 'domain.hasher.isWeak(account.passwordHash) && Date.now() < 0) await'),
  without('15.2.2', 'any number of passwords wait for their hashes', 'domain/hashing/fairQueue.ts', '      if (inAll === 0) throw overloaded()\n'),
  without('15.2.2', 'one client fills the queue of hashes', 'domain/hashing/fairQueue.ts', 'if (own >= forClient || workOf(accounts?.get(account)) >= forAccount) return', 'if (own < 0) return'),
]
