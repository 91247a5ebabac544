/**
 * The settings, for administrators. No secret leaves, and no part of one: of a secret only whether it is set; and what stands as a user
 * and password in a URL is removed from every other value, though the rules for settings refuse it.
 */
import { type Config, defaultText, type Setting, settings } from '../../config.ts'

export interface SettingState {
  readonly name: string
  readonly group: string
  readonly about: string
  /** As it would be written in the environment; null for a secret, and without a value. */
  readonly value: string | null
  readonly isSecret: boolean
  /** Whether it has a value, be it the default. */
  readonly isSet: boolean
  readonly isDefault: boolean
}

export const SETTINGS = Object.keys(settings).length

const withoutUser = (text: string): string => text.replaceAll(/\/\/[^\s/]*@/g, '//')

/** Those whose default depends on other settings. */
const dependent = ({ PORT, PERSISTED_OPERATIONS_ONLY }: Config): Readonly<Record<string, string>> => ({
  PUBLIC_URL: `http://localhost:${PORT}`,
  ...(PERSISTED_OPERATIONS_ONLY ? { GRAPHIQL: 'false' } : {}),
})

/** In the order of the documentation. */
export const settingStates = (config: Config): SettingState[] => {
  const { texts, production } = config
  const defaults = dependent(config)
  return Object.entries<Setting>(settings).map(([name, setting]) => {
    const isSet = Object.hasOwn(texts, name)
    const text = texts[name] ?? null
    const byDefault = defaults[name] ?? defaultText(setting, production) ?? ''
    return {
      name,
      group: setting.group,
      about: setting.about,
      value: text === null ? null : withoutUser(text),
      isSecret: setting.secret === true,
      isSet,
      isDefault: isSet ? text === byDefault : byDefault === '',
    }
  })
}
