/** How the command line writes numbers and names. */

/** `100,000` */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** The name of an option or argument as it is in `args`: `dry-run` is `dryRun`. */
export const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** `1 account`, `2 accounts` */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
