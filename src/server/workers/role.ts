/** The arguments of a worker on its command line, where `ps` shows it. */

export interface WorkerRole {
  /** From 1; a worker that replaces another has its number. */
  readonly number: number
  /** It starts before the others, and says for all of them what there is to say at a start. */
  readonly isFirst: boolean
}

export const argumentsOf = ({ number, isFirst }: WorkerRole): string[] => ['--worker', String(number), ...(isFirst ? ['--first'] : [])]

/** The role of this process; undefined if it is no worker. */
export function roleIn(args: readonly string[]): WorkerRole | undefined {
  const number = Number(args[args.indexOf('--worker') + 1])
  return args.includes('--worker') && number > 0 ? { number, isFirst: args.includes('--first') } : undefined
}
