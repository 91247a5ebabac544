/**
 * The password that a command sets: generated, or given at the terminal or on standard input. Never an argument, which other users of the
 * machine can read.
 */
import type { Command } from 'commander'
import { randomText } from '../domain/base/ids.ts'
import type { CommandContext } from './command.ts'

export interface PasswordArgs {
  readonly generate?: true
}

/** Without letters and digits that look alike; 20 of them have 115 bits. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const LENGTH = 20

export const passwordOptions = (command: Command): Command =>
  command.option('--generate', 'make a password and print it; otherwise it is asked for, or read as the first line of standard input')

/** @throws {WrongUse} if none was given */
export const choosePassword = async (
  { domain, askSecret }: Pick<CommandContext, 'domain' | 'askSecret'>,
  { generate = false }: { readonly generate?: boolean },
): Promise<{ readonly password: string; readonly generated: boolean }> =>
  generate
    ? { password: randomText(domain.randomBytes, ALPHABET, LENGTH), generated: true }
    : { password: await askSecret('Password'), generated: false }
