/**
 * What there is about a person, for a request of access (GDPR, article 15): the sections of the answer, each with the statement that reads it.
 * `$1` is the id of the account. Secrets and their hashes are in none; nor are counters of attempts, whose keys are hashes, and which last a day.
 */
export interface Section {
  readonly name: string
  /** Whether it is one record, or a list. */
  readonly isList: boolean
  readonly sql: string
}

const one = (name: string, sql: string): Section => ({ name, isList: false, sql })
const list = (name: string, sql: string): Section => ({ name, isList: true, sql })

export const sections: readonly Section[] = [
  one(
    'profile',
    `SELECT id, created_at AS "createdAt", updated_at AS "updatedAt", username, email, email_verified_at AS "emailVerifiedAt", held_email AS "heldEmail",
      held_until AS "heldUntil", name, first_name AS "firstName", last_name AS "lastName", phone, phone_e164 AS "phoneE164", bio, locale,
      is_admin AS "isAdmin", login_disabled AS "disabled", scopes, password_hash IS NOT NULL AS "hasPassword", must_change_password AS "mustChangePassword",
      password_failures AS "passwordFailures", two_factor_secret IS NOT NULL AS "hasTwoFactor", two_factor_failures AS "twoFactorFailures",
      (SELECT count(*)::int FROM recovery_codes WHERE user_id = users.id AND used_at IS NULL) AS "recoveryCodesLeft",
      EXISTS (SELECT 1 FROM claims WHERE user_id = users.id) AS "isFirstAccount"
    FROM users WHERE id = $1`,
  ),
  list('identifiers', `SELECT value, reserved_until AS "reservedUntil" FROM identifiers WHERE user_id = $1 ORDER BY value`),
  list(
    'sessions',
    `SELECT id, surface, origin, created_at AS "createdAt", expires_at AS "expiresAt", ended_at AS "endedAt", last_seen_at AS "lastSeenAt",
      client_address AS "clientAddress", user_agent AS "userAgent" FROM sessions WHERE user_id = $1 AND kind <> 'personal' ORDER BY created_at, id`,
  ),
  list(
    'personalTokens',
    `SELECT id, name, scopes, created_at AS "createdAt", expires_at AS "expiresAt", ended_at AS "endedAt", last_seen_at AS "lastSeenAt"
    FROM sessions WHERE user_id = $1 AND kind = 'personal' ORDER BY created_at, id`,
  ),
  list(
    'devices',
    `SELECT first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt",
      (SELECT count(*)::int FROM known_clients AS client WHERE client.user_id = device.user_id AND client.fingerprint = device.fingerprint) AS addresses
    FROM known_devices AS device WHERE user_id = $1 ORDER BY first_seen_at, fingerprint`,
  ),
  list(
    'linksInMails',
    `SELECT purpose, address, created_at AS "createdAt", expires_at AS "expiresAt" FROM mail_tokens WHERE user_id = $1 ORDER BY created_at, hash`,
  ),
  list(
    'changesThatCanBeUndone',
    `SELECT address, verified_at AS "emailVerifiedAt", created_at AS "createdAt", expires_at AS "expiresAt" FROM account_undos WHERE user_id = $1 ORDER BY seq`,
  ),
  list(
    'signInsUnderWay',
    `SELECT surface, created_at AS "createdAt", expires_at AS "expiresAt" FROM login_codes WHERE user_id = $1 ORDER BY created_at, hash`,
  ),
  list(
    'gatheredNotices',
    `SELECT name, address, times, first_at AS "firstSeenAt", last_at AS "lastSeenAt" FROM gathered_notices WHERE user_id = $1 ORDER BY first_at, name`,
  ),
  list(
    'imports',
    `SELECT run.origin, run.source, record.number, record.outcome, run.started_at AS "createdAt" FROM import_records AS record
      JOIN import_runs AS run ON run.id = record.run_id WHERE record.user_id = $1 ORDER BY run.started_at, record.number`,
  ),
]

/**
 * Events about the account, and what it did to others, without who they are. Of what others did to the account, it has neither who nor from
 * where. `$2`: the number of the event before.
 */
export const events = `SELECT seq::text AS seq, at, type AS event, outcome, surface, user_id = $1 AS "isAboutYou", actor_id = $1 AS "isByYou",
    CASE WHEN actor_id IS NULL OR actor_id = $1 THEN client_address END AS "clientAddress",
    CASE WHEN actor_id IS NULL OR actor_id = $1 THEN user_agent END AS "userAgent", details
  FROM audit_events WHERE (user_id = $1 OR actor_id = $1) AND seq > $2::text::bigint ORDER BY audit_events.seq LIMIT 500`
