/** Protections of who may do and read what, of documents of GraphQL, and of input. */
import { type Protection, without } from './protection.ts'

const LIMITS = 'graphql/documentLimits.ts'
const FIELDS = 'domain/access/fields.ts'
const INPUT = 'domain/base/input.ts'

// biome-ignore format: a table is read by its rows
export const access: readonly Protection[] = [
  without('8.2.1 8.3.1', 'anybody may run any operation', 'domain/guards/authorize.ts', 'if (permits(caller, asked.requirement)) return', 'if (permits(caller, asked.requirement) || asked !== undefined) return'),
  without('8.2.1', 'users delete each other', 'domain/access/operationTable.ts', "deleteUser:                 { asks: 'users:delete', ", "deleteUser:                 { asks: 'interactive',  "),
  without('8.2.1', 'a personal token changes its account', 'domain/access/requirements.ts', "interactive:     { anonymous: none,      token: 'FORBIDDEN', user: 'allowed', ", "interactive:     { anonymous: none,      token: 'allowed', user: 'allowed', "),
  without('8.2.2', 'what is the owner’s is shown to all who signed in', FIELDS, '(isInteractive(viewer) && viewer.account.id === accountId)', 'isInteractive(viewer)'),
  without('8.2.3 15.3.1', 'all fields of all accounts are shown to all', FIELDS, "if (audience === 'anyone') return true", "if (audience === 'anyone' || accountId !== '') return true"),
  without('8.2.3 15.3.1', 'fields for readers are shown to all', FIELDS, "return viewer?.account.id === accountId || holds(viewer, 'users:read')", "return viewer !== undefined || holds(viewer, 'users:read')"),
  without('8.2.2', 'sessions of others are found by their ids', FIELDS, "|| holds(viewer, 'admin')", '|| viewer !== null'),
  without('8.3.1 2.2.2', 'one surface writes something else at a sign-up', 'domain/signIn/signUp.ts', 'const given = read(domain, asNobody(caller), input)', "const given = { ...read(domain, asNobody(caller), input), ...(caller.surface === 'graphql' ? { bio: 'of GraphQL' } : {}) }"),
  without('8.3.2', 'an administrator stays one', 'domain/administration/administer.ts', 'data: { isAdmin, updatedAt', 'data: { isAdmin: true, updatedAt'),
  without('4.3.1', 'a document has any length', LIMITS, 'MAX_TOKENS = 2_000', 'MAX_TOKENS = 2_000_000'),
  without('4.3.1', 'a document has any number of fields', LIMITS, 'MAX_ROOT_FIELDS = 20', 'MAX_ROOT_FIELDS = 20_000'),
  without('4.3.1', 'a document may cost anything', 'graphql/cost.ts', 'MAX_COST = 25_000', 'MAX_COST = 25_000_000'),
  without('4.3.1', 'a document tries many passwords', LIMITS, '[rootFieldsRule, oneSecretRule, pagesRule', '[rootFieldsRule, pagesRule'),
  without('4.3.2', 'introspection is on in production', 'config.ts', "INTROSPECTION: { group: 'Server', about: 'Answer introspection queries.', fallback: (production) => String(!production)", "INTROSPECTION: { group: 'Server', about: 'Answer introspection queries.', fallback: (production) => String(!production || true)"),
  without('13.4.5', 'GraphiQL is served in production', 'config.ts', "about: 'Serve GraphiQL on GET /graphql.', fallback: (production) => String(!production)", "about: 'Serve GraphiQL on GET /graphql.', fallback: (production) => String(!production || true)"),
  without('13.4.5', 'API_DOCS=false changes nothing', 'app.ts', 'config.API_DOCS ? docsRoutes', 'config !== undefined ? docsRoutes'),
  without('13.4.5', 'anybody may read the metrics', 'server/metrics/metricsServer.ts', 'wanted === undefined || timingSafeEqual(digest(authorization), wanted)', 'wanted === undefined || authorization !== undefined'),
  without('2.2.1 15.3.5', 'a value that is not text becomes text', INPUT, 'export const text = z\n  .string(', 'export const text = z.coerce\n  .string('),
  without('2.2.1', 'text that no database holds is taken', INPUT, "!value.includes('\\0') && value.isWellFormed()", 'value !== undefined'),
  without('2.2.2', 'an address is checked by the surfaces alone', 'domain/emails/changeEmail.ts', 'const { email } = parse(z.object({ email: emailRule }), input)', 'const { email } = z.object({ email: emailRule }).safeParse(input).data ?? input'),
  without('2.2.3', 'two passwords that differ are taken', 'rest/passwordConfirmation.ts', 'return given[field] === given[confirmation]', 'return given[field] !== undefined'),
  without('15.3.3', 'unknown fields are passed on', 'rest/xiot/inputs.ts', '  z.object({ email, firstName: letters,', '  z.looseObject({ email, firstName: letters,'),
  without('15.3.3', 'a profile takes more than its fields', 'rest/xiot/inputs.ts', 'export const UpdateProfile = z.object({', 'export const UpdateProfile = z.looseObject({'),
  without('1.2.4', 'identifiers stand in the text of a statement', 'domain/accounts/identifiers.ts', `WHERE identifiers.value = ANY(\${keys}::text[])\``, `WHERE identifiers.value IN (\${Prisma.raw(keys.map((key) => \`'\${key}'\`).join(', '))})\``),
  without('1.2.4', 'ids stand in the text of a statement', 'domain/administration/administer.ts', '  const account = await tx.user.findUnique({ where: { id } })\n', `  const [first] = await tx.$queryRawUnsafe<{ id: string }[]>("SELECT id FROM users WHERE id = '" + id + "'")\n  const account = await tx.user.findUnique({ where: { id: first?.id ?? '' } })\n`),
  without('2.3.4 15.4.2', 'two accounts have one address', 'domain/accounts/identifiers.ts', 'return count === keys.size', 'return count <= keys.size'),
  without('2.3.4', 'a login code opens several sessions', 'domain/signIn/verifyTwoFactor.ts', "  if (count === 0) throw new Failure('INVALID_LOGIN_CODE').about(account.id)\n", ''),
]
