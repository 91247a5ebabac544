/** What stays behind, in the words of reports. */

/** Of many accounts: a person signs in by another service, which is named. */
export const signsInBy = (service: string): string => `a sign-in by ${service}`

export const WEBAUTHN = 'a WebAuthn key or passkey'
export const SMS = 'a second factor by SMS'
export const HASHED_CODES = 'recovery codes, of which the origin has only hashes'
export const NO_PASSWORD_HASH = 'the password, whose hash the origin does not give'
export const MORE_FACTORS = 'authenticator apps beside the first one'
export const ENCRYPTED_APP = 'an authenticator app, whose secret is encrypted'
export const ANONYMOUS = 'an anonymous account, which nobody can sign in to'
