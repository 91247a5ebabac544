/** Facts about the dialects that are served, for administrators. They come from outside, because the domain knows no dialect. */

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
