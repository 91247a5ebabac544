/** The file with the records that an import left out: JSON Lines, each with its number, outcome, reason, and the record itself, which holds secrets. */
import type { BareContext, FileWriter } from '../command.ts'

const MODE = 0o600

export interface RejectsFile {
  /** @throws {FileError} such as for a full disk */
  write(number: number, outcome: string, reason: string, record: unknown): Promise<void>
  /** Puts the file in its place, and returns its path; null if there is nothing in it. @throws {FileError} */
  close(): Promise<string | null>
  discard(): Promise<void>
}

/** `replace`: whether an older file of that name goes. @throws {FileError} */
export async function openRejects({ writeFile }: Pick<BareContext, 'writeFile'>, path: string, replace: boolean): Promise<RejectsFile> {
  const file: FileWriter = await writeFile(path, { mode: MODE, replace })
  let isEmpty = true
  return {
    async write(number, outcome, reason, record) {
      isEmpty = false
      await file.write(Buffer.from(`${JSON.stringify({ number, outcome, reason, record: record ?? null })}\n`))
    },
    async close() {
      if (!isEmpty) await file.close()
      else await file.discard()
      return isEmpty ? null : path
    },
    discard: async () => await file.discard(),
  }
}
