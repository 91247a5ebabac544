/** What stays behind, in the words of reports. */

/** Of many accounts: a person signs in by another service, which is named. */
export const signsInBy = (service: string): string => `a sign-in by ${service}`

export const OTHER_EMAILS = 'e-mail addresses beside the first one'
export const WEBAUTHN = 'a WebAuthn key or passkey'
export const SMS = 'a second factor by SMS'
export const HASHED_CODES = 'recovery codes, of which the origin has only hashes'
export const NO_PASSWORD_HASH = 'the password, whose hash the origin does not give'
export const MORE_FACTORS = 'authenticator apps beside the first one'
export const MORE_SESSIONS = 'sessions beyond the 1,000 newest'
