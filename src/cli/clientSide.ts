/**
 * The side of the person who runs a command: their terminal and their files. `local/` is that of this process; for a command that runs in a
 * server, `socket/remoteSide.ts` is that of the process that asked.
 */
import type { FileOptions, FileWriter, Progress } from './command.ts'

export interface ClientSide {
  /** Resolves when there is room for more. */
  print(to: 'out' | 'err', text: string): Promise<void>
  /** Null removes the bar. */
  progress(state: Progress | null): void
  /** @throws {WrongUse} where nobody can be asked */
  confirm(question: string): Promise<boolean>
  askSecret(question: string): Promise<string>
  readFile(path: string): AsyncIterable<Uint8Array>
  fileSize(path: string): Promise<number | undefined>
  writeFile(path: string, options: FileOptions): Promise<FileWriter>
}
