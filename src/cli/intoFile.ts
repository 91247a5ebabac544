/** Writes a file of the person as a whole: it appears when `work` has succeeded, only for its owner, and otherwise nothing is left. */
import type { BareContext } from './command.ts'

export interface Target {
  bytes(part: Uint8Array): Promise<void>
  text(text: string): Promise<void>
}

/** @throws {FileError} such as for a full disk, or a file that is there already */
export async function intoFile<T>(
  { writeFile }: Pick<BareContext, 'writeFile'>,
  path: string,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const file = await writeFile(path, { mode: 0o600 })
  try {
    const bytes = async (part: Uint8Array) => await file.write(part)
    const result = await work({ bytes, text: async (text) => await bytes(Buffer.from(text)) })
    await file.close()
    return result
  } catch (error) {
    await file.discard()
    throw error
  }
}
