/** Fills every table of a world: by its own operations where they do it at once, otherwise by rows as they would be. */
import { previousSecretContext, secretContext } from '../../src/domain/webhooks/signature.ts'
import { type Person, person, type TwoFactorPerson, verify, withTwoFactor } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import type { World } from '../support/world.ts'

export interface Filled {
  readonly ada: TwoFactorPerson
  readonly grace: Person
  /** Of grace: Wekan's, and a personal one. */
  readonly resumeToken: string
  readonly personalToken: string
}

/** Odd, but possible: an imported date out of range, a quote, a line end, a surrogate pair, a number beyond JavaScript's. */
const REST = `
  UPDATE users SET bio = E'a "quote", a line\\nend, \\\\ and 𝒳', phone = '+20 100 000 0000', phone_e164 = '+201000000000', scopes = '{users:read}' WHERE username = 'grace';
  INSERT INTO users (id, created_at, updated_at, username, name, first_name, password_hash, held_email, held_verified_at, held_until)
    VALUES ('old"id', '-infinity', '0044-03-15 BC', 'caesar', 'Gaius', 'Gaius', '$2b$04$DmQAyvHSL8eAPOyE.qw0B.qtBPAq1gnlcyQOdZSNAWXAGXPdVmgFa', 'c@example.com', now(), 'infinity');
  INSERT INTO identifiers VALUES ('caesar', 'old"id', NULL), ('gone@example.com', 'old"id', '2030-01-01');
  INSERT INTO login_codes VALUES ('login code', 'old"id', 'graphql', now(), now() + interval '5 minutes', 1, 0);
  INSERT INTO mail_shares VALUES ('share', '{2026-01-01,2026-01-02}', '2026-01-02');
  INSERT INTO gathered_notices VALUES ('old"id', 'c@example.com', 'newDevice', 2, now(), now());
  INSERT INTO typed_failures VALUES ('typed', 3, now());
  INSERT INTO dialect_uses VALUES ('2026-01-02', 'wekan', 'GET /api/user', 'curl', 'wekan', 9007199254740993, 1, now(), now());
  INSERT INTO rate_limits VALUES ('limit', 3, 9007199254740993), ('other', 1, NULL);
  INSERT INTO import_runs (id, origin, source, fingerprint, on_conflict, started_at, finished_at, created) VALUES ('run', 'wekan', 'users.json', 'f', 'skip', now(), now(), 1);
  INSERT INTO import_records (run_id, number, user_id, outcome, digest, state, sessions, filled) VALUES ('run', 1, 'old"id', 'created', 'd', 's', '{a,b}', '{}');
  INSERT INTO expected_hashes VALUES ('bcrypt', '$2b$04$......................................................', 0.1);
  INSERT INTO account_undos (hash, user_id, created_at, expires_at, address, verified_at, two_factor_secret, two_factor_last_step, recovery_codes)
    SELECT 'undo', id, now(), now() + interval '1 day', 'ada@example.com', now(), two_factor_secret, 7, '[{"selector": "ABCD", "hash": "h", "usedAt": null}]' FROM users WHERE username = 'ada';
  INSERT INTO known_clients SELECT user_id, fingerprint, 'client', now(), now(), 2, NULL FROM known_devices LIMIT 1
`

const run = async (world: World, sql: string): Promise<void> => {
  for (const statement of sql.split(/;\n/)) await world.db.client.$executeRawUnsafe(statement)
}

/** Disabled, so that nothing is sent. */
const addWebhook = async ({ db: { client }, app }: World): Promise<void> => {
  const { secretBox } = app.domain
  const now = new Date()
  const id = 'hook'
  const secrets = {
    secret: secretBox.seal('whsec_bmV3', secretContext(id)),
    previousSecret: secretBox.seal('whsec_b2xk', previousSecretContext(id)),
    previousUntil: now,
  }
  await client.webhook.create({
    data: {
      id,
      url: 'https://example.com/?token=1',
      types: ['keys.rotated'],
      createdAt: now,
      position: 2n,
      disabledAt: now,
      disabledReason: 'admin',
      ...secrets,
    },
  })
  const log = [{ at: now.toISOString(), status: null, reason: 'ECONNREFUSED', ms: 3 }]
  await client.webhookDelivery.create({
    data: { webhookId: id, eventSeq: 1n, state: 'dead', createdAt: now, nextAttemptAt: now, endedAt: now, attempts: 10, log },
  })
}

/** Mails must wait: deliver nothing. */
export const fillWorld = async (world: World): Promise<Filled> => {
  const ada = await withTwoFactor(world, { email: 'ada@example.com', username: 'ada' })
  const grace = await person(world, { email: 'grace@example.com', username: 'grace', name: 'Grace Hopper' })
  await verify(world, grace)
  const signedIn = await world.post('/users/login', { email: grace.email, password: grace.password })
  const token = await personalToken(world, grace, ['users:read'])
  await world.graphql('mutation { result: requestPasswordReset(input: { email: "grace@example.com" }) { __typename } }')
  await run(world, REST)
  await addWebhook(world)
  return { ada, grace, resumeToken: signedIn.body.token, personalToken: token }
}
