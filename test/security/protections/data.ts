/** Protections of what leaves the server: mails, requests, log lines, events, errors; and of what is kept. */
import { type Protection, without } from './protection.ts'

const RENDER = 'domain/mails/render.ts'

// biome-ignore format: a table is read by its rows
export const data: readonly Protection[] = [
  without('1.2.1', 'mails have what others wrote as HTML', RENDER, "text.replace(/[&<>\"']/g, (character) => ENTITIES[character] ?? '')", 'text'),
  without('1.2.1', 'the page of personal data has what others wrote as HTML', 'exporters/personal/htmlSink.ts', "text.replace(/[&<>\"']/g", "text.replace(/[\\0]/g"),
  without('1.2.2', 'a name that leads elsewhere is mailed', 'domain/mails/foreign.ts', "MAY_PASS_FOR_A_LINK.test(asRead(word)) ? '…' : word", 'word'),
  without('1.2.10', 'an export is a table with formulas', 'exporters/json.ts', "frame: ['', '\\n', '\\n']", "frame: ['id,name\\n', '\\n=', '\\n']"),
  without('1.3.11', 'an address may be several', 'config/mailAddresses.ts', '=> ONE_ADDRESS.test(address)', "=> address.includes('@')"),
  without('1.3.11', 'a subject may have lines', 'mail/compose.ts', "mail.subject.replace(NOT_FOR_HEADERS, ' ')", 'mail.subject'),
  without('2.3.2', 'a mailbox gets any number of links', 'domain/recovery/sendReset.ts', ' || !(await takeShares(domain, tx, resetShares(domain, address, isVerified)))', ''),
  without('2.3.3', 'a mail is queued although its change is undone', 'domain/outbox/queue.ts', 'await tx.outboxEntry.create({ data, select: { id: true } })', 'await domain.db.outboxEntry.create({ data, select: { id: true } })'),
  without('12.3.2', 'a webhook goes to any certificate', 'webhooks/post.ts', 'new SecureAgent({ keepAlive: false })', 'new SecureAgent({ keepAlive: false, rejectUnauthorized: false })'),
  without('12.3.2', 'the certificate of the database is not checked', 'db/tlsSettings.ts', "return uselibpqcompat === 'true' ? libpqChecks(mode, hasRoot) : {}", 'return UNCHECKED'),
  without('12.3.2', 'a mail goes to any certificate', 'mail/smtp.ts', 'maxRequeues: 1, ...timeouts }', 'maxRequeues: 1, tls: { rejectUnauthorized: false }, ...timeouts }'),
  without('13.2.4', 'webhooks go inside', 'webhooks/addresses.ts', "return isPublic(address) ? 'public' : 'refused'", "return 'public'"),
  without('13.2.4', 'a webhook goes to the address that a name has later', 'webhooks/post.ts', '      lookup: lookupFrom(addresses),\n'),
  without('15.3.2', 'a redirect is followed', 'http/pwnedPasswords.ts', "redirect: 'manual'", "redirect: 'follow'"),
  without('4.2.5', 'a URL of a webhook has any length', 'webhooks/target.ts', `  if (text.length > LONGEST_URL) return \`must have at most \${LONGEST_URL} characters\`\n`),
  without('4.2.5', 'the whole hash of a password leaves', 'http/pwnedPasswords.ts', 'const PREFIX_LENGTH = 5', 'const PREFIX_LENGTH = 39'),
  without('13.2.3', 'a key is short', 'server/keyFile.ts', "randomBytes(32).toString('base64url')", "randomBytes(24).toString('base64url')"),
  without('13.2.3', 'a key file is for all users', 'server/keyFile.ts', "open(path, 'wx', 0o600)", "open(path, 'wx', 0o644)"),
  without('13.4.2 16.5.1', 'GraphQL says what went wrong inside', 'graphql/pipeline.ts', 'return maskByYoga(onlyPlaceOf(error), message, false)', 'return originalOf(error) as Error'),
  without('16.5.1 13.4.2', 'a dialect sends the message of an unexpected error', 'rest/walk.ts', "return problem(visit, 500, 'Internal server error')", 'return problem(visit, 500, String(error))'),
  without('16.3.4', 'an unexpected error outside an operation is not logged', 'http/pipeline.ts', "      log.error({ err: error }, 'a request failed unexpectedly')\n"),
  without('16.3.4', 'an unexpected error of an operation is not logged', 'graphql/pipeline.ts', "    domain.log.error({ err: originalOf(error) }, 'an operation failed unexpectedly')\n"),
  without('14.2.1', 'a token in the query is read', 'rest/walk.ts', 'queryToken === undefined ? undefined : query[queryToken]', "query[queryToken ?? 'access_token']"),
  without('14.2.1', 'a link has its token in the query', 'domain/mailTokens/mailTokens.ts', `/\${page}#token=\${token}\``, `/\${page}?token=\${token}\``),
  without('14.2.6', 'GraphQL repeats the value that it refuses', 'graphql/echo.ts', 'if (variable === undefined || !(error instanceof GraphQLError)) return error', 'if (variable !== null || !(error instanceof GraphQLError)) return error'),
  without('14.2.7', 'sessions that ended are kept', 'jobs/deleteExpired.ts', `    ['sessions', sql\`expires_at < \${rested}::timestamptz OR ended_at < \${rested}::timestamptz\`],\n`),
  without('14.2.7', 'events are kept for ever', 'jobs/deleteExpired.ts', '  await deleteOldEvents(parts)\n'),
  without('16.3.1', 'a sign-in leaves no event', 'domain/sessions/writeSession.ts', `\${JSON.stringify(event.details)}::jsonb FROM opened)`, `\${JSON.stringify(event.details)}::jsonb FROM opened WHERE false)`),
  without('16.3.1', 'a wrong password leaves no event', 'domain/guards/failures.ts', "BAD_CREDENTIALS: 'session.sign_in_failed'", 'BAD_CREDENTIALS: null'),
  without('16.3.2', 'a refusal leaves no event', 'domain/guards/failures.ts', "  FORBIDDEN: 'access.refused'", '  FORBIDDEN: null'),
  without('16.3.3', 'attempts beyond a limit leave no event', 'domain/guards/failures.ts', "TOO_MANY_REQUESTS: 'limit.reached'", 'TOO_MANY_REQUESTS: null'),
  without('16.3.3', 'a forged request leaves no line', 'graphql/http.ts', '  if (forged) logForgery(domain, request, problem)\n'),
  without('16.4.1', 'the log has texts as they are', 'server/logger.ts', '    destination,\n  )', "    { write: (line: string) => destination.write(line.replaceAll('\\\\n', '\\n')) },\n  )"),
  without('16.5.2', 'a sign-up fails where the service of breaches gives no answer', 'http/pwnedPasswords.ts', "      return false\n    }\n  }", "      return true\n    }\n  }"),
  without('16.5.2', 'a mail is given up where the mail server is away', 'mail/smtp.ts', "return { outcome: 'unavailable', reason }", "return { outcome: 'refused', reason }"),
  without('6.3.2', 'there is an account from the start', 'domain/prepareDomain.ts', 'await createSettingsAdmin(domain)', "await createSettingsAdmin({ ...domain, config: { ...domain.config, ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'password' } })"),
]
