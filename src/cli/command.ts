/**
 * What a command of `vestibule` is, what it is given, and how it ends. A command is one file in `commands/`, made by `defineCommand`, and a
 * line in `commands.ts`.
 *
 * It runs in the process of the terminal, or in the server that holds the embedded database (`socket/`); what it is given hides the
 * difference. So it opens files, prints and asks only through its context.
 */
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import type { Operations } from '../domain/operations.ts'
import type { ExitCode } from './exitCodes.ts'

/** A file that is being written. */
export interface FileWriter {
  /** Resolves when there is room for more. @throws {FileError} such as for a full disk */
  write(bytes: Uint8Array): Promise<void>
  /** Puts the whole file in its place: nobody sees half of it. @throws {FileError} */
  close(): Promise<void>
  /** Removes what was written. Nothing happens after `close`. */
  discard(): Promise<void>
}

export interface FileOptions {
  /** Of the new file, such as 0o600. */
  readonly mode: number
  /** Whether a file of that name may be replaced; by default it is an error. */
  readonly replace?: boolean
}

export interface Output {
  /** Whether `--json` was given. */
  readonly json: boolean
  /** The result: with `--json` one JSON document, for people the text, which may have several lines. At most once a command. */
  result(value: unknown, text: string): Promise<void>
  /** One of many records: with `--json` a line of JSON, for people the text. Not together with `result`. */
  record(value: unknown, text: string): Promise<void>
  /** A remark for people, on standard error, also with `--json`. */
  note(text: string): Promise<void>
  /**
   * How far a long command is, such as `progress({ what: 'accounts', done: 500, of: 1000 })`: a bar on a terminal, a line every few seconds
   * elsewhere, nothing with `--json`. Costs nothing if called often.
   */
  progress(state: Progress): void
}

export interface Progress {
  /** What is counted, in the plural. */
  readonly what: string
  readonly done: number
  /** The number of all, if it is known. */
  readonly of?: number | undefined
}

/** What every command is given. */
export interface BareContext {
  readonly output: Output
  /** Aborted by Ctrl-C, and when nobody waits for the command any more. The command should end soon, with what is half done undone or reported. */
  readonly signal: AbortSignal
  /** The directory of package.json. */
  readonly root: string
  /** Whether the person wants it; true with `--yes`. A no is answered with a remark. @throws {WrongUse} without `--yes` where nobody can be asked */
  confirm(question: string): Promise<boolean>
  /** Asks for a secret without showing it; reads the first line of standard input where nobody can be asked. @throws {WrongUse} */
  askSecret(question: string): Promise<string>
  /** The bytes of a file of the person, in parts of at most 64 KiB, read as they are taken; `-` is standard input. @throws {FileError} */
  readFile(path: string): AsyncIterable<Uint8Array>
  /** In bytes; undefined for anything but a plain file, such as `-`. @throws {FileError} */
  fileSize(path: string): Promise<number | undefined>
  /** Makes a file of the person; `-` is standard output. @throws {FileError} */
  writeFile(path: string, options: FileOptions): Promise<FileWriter>
}

export interface SettingsContext extends BareContext {
  readonly config: Config
  /** DATA_DIR, absolute. */
  readonly dataDir: string
}

export interface DatabaseContext extends SettingsContext {
  readonly database: Database
}

/** With everything: `domain` has no limits, and `caller` is the operator. */
export interface CommandContext extends DatabaseContext {
  readonly domain: Domain
  readonly caller: Caller
  /** Every operation of the domain, with its check and its events in the audit log. */
  readonly operations: Operations
}

/**
 * What a command needs, and so what it is given. `nothing`: it runs even with bad settings. `settings`: it opens what it needs by itself, and
 * always runs in the process of the terminal. `database`: an open database, as it is. `domain`: a database whose migrations are applied.
 */
export interface Contexts {
  readonly nothing: BareContext
  readonly settings: SettingsContext
  readonly database: DatabaseContext
  readonly domain: CommandContext
}
export type Need = keyof Contexts

interface Definition<N extends Need, Args extends object> {
  /** Its words, such as `user create`. */
  readonly name: string
  /** One line, without a full stop. */
  readonly summary: string
  /** Whole command lines without `vestibule`, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[]
  readonly needs: N
  /** Whether it asks before it destroys something: it takes `--yes`. */
  readonly asks?: boolean
  /** False for what prints only text, and so takes no `--json`. */
  readonly printsJson?: false
  /** Whether the help leaves it out. */
  readonly isHidden?: true
  /** Adds arguments and options. `--json`, and `--yes` if it `asks`, are there already. */
  define?(command: Command): void
  /**
   * @param args options and arguments by their names in camel case: `user show <user>` has `args.user`
   * @throws {Failure | StartupError | FileError | WrongUse} and so ends as `exitCodes.ts` says
   */
  run(context: Contexts[N], args: Args): Promise<ExitCode>
}

export type CliCommand = { [N in Need]: Definition<N, object> }[Need]

/** @returns the same; what `define` adds must be what `run` takes */
export const defineCommand = <N extends Need, Args extends object>(definition: Definition<N, Args>): CliCommand =>
  definition as unknown as CliCommand
