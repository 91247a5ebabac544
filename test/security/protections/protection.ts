/** A protection of the server, and the change of a source file that takes it out. */
export interface Protection {
  /** The requirements that it keeps. */
  readonly ids: readonly string[]
  /** What the server does without it. */
  readonly without: string
  /** The file, below `src`. */
  readonly file: string
  /** A text that is in the file once. */
  readonly search: string
  readonly replace: string
}

/** @param ids separated by spaces */
export const without = (ids: string, says: string, file: string, search: string, replace = ''): Protection => ({
  ids: ids.split(' '),
  without: says,
  file,
  search,
  replace,
})
