/** Boxes for the scopes that an account can have. */
import { Check } from '../parts/check.tsx'
import { scopeText } from '../scopeText.ts'
import type { Scope } from './operations.ts'

/** In the order in which they are shown: a new scope of the schema must be added here. */
const scopes: Readonly<Record<Scope, true>> = {
  ALL: true,
  USERS: true,
  USERS_READ: true,
  USERS_CREATE: true,
  USERS_DELETE: true,
  SENSORS: true,
  SENSORS_READ: true,
  SENSORS_UPDATE: true,
  SENSORS_DELETE: true,
  SENSORS_STATE: true,
  SENSORS_STATE_UPDATE: true,
}
export const allScopes = Object.keys(scopes) as readonly Scope[]

export const scopesOf = (form: HTMLFormElement): readonly Scope[] => {
  const chosen = new FormData(form).getAll('scopes')
  return allScopes.filter((scope) => chosen.includes(scope))
}

interface FieldsProps {
  readonly legend: string
  /** Whether a heading says the same. */
  readonly isTitled?: boolean
  readonly granted?: readonly Scope[]
}

export const ScopeFields = ({ legend, isTitled = false, granted = [] }: FieldsProps) => (
  <fieldset>
    <legend className={isTitled ? 'unseen' : undefined}>{legend}</legend>
    {allScopes.map((scope) => (
      <Check key={scope} name="scopes" value={scope} defaultSelected={granted.includes(scope)}>
        <code dir="ltr">{scopeText(scope)}</code>
      </Check>
    ))}
  </fieldset>
)
