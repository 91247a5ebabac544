/** The dialects that are served, as facts for administrators. The domain is told them, because it knows no dialect. */

/** How something is on its way out, by the settings. */
export interface Retiring {
  readonly deprecatedAt: Date | null
  readonly sunsetAt: Date | null
  readonly isReadOnly: boolean
  readonly isSwitchedOff: boolean
}

export interface ServedRoute extends Retiring {
  readonly method: string
  /** With its prefix, and `:name` for a parameter. */
  readonly path: string
}

export interface ServedDialect extends Retiring {
  readonly name: string
  readonly title: string
  /** Empty without one. */
  readonly pathPrefix: string
  readonly migrationGuide: string | null
  readonly routes: readonly ServedRoute[]
}
