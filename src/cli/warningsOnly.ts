/** The log of a command: only what an operator should know, as remarks on standard error. */
import type { Log } from '../domain/base/ports.ts'
import type { Output } from './command.ts'

/** The messages are fixed texts; the fields, which may be long, are left out. */
export const warningsOnly = ({ note }: Pick<Output, 'note'>): Log => {
  const tell = (_fields: object, message: string): void => void note(`vestibule: warning: ${message}`).catch(() => undefined)
  return { debug: () => {}, info: () => {}, warn: tell, error: tell }
}
