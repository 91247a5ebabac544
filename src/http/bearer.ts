/**
 * The token of an Authorization header (RFC 6750, 2.1): the scheme whatever its case, the token as it stands (Hono's own
 * reader refuses `:`, which `sess_…:…` has).
 */
const SCHEME = /^bearer +(\S+) *$/i

export const bearerToken = (headers: Headers): string | null => SCHEME.exec(headers.get('authorization') ?? '')?.[1] ?? null
