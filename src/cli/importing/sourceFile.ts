/** The file that is imported, as it was when the import began: what is written to its end meanwhile is left for the next import. */
import type { ImportSource } from '../../domain/moving/importAccounts.ts'
import type { Importer, ImporterOptions } from '../../importers/importer.ts'
import type { BareContext } from '../command.ts'

export interface SourceFile extends ImportSource {
  /** The part of the file that was read, from 0 to 1; undefined if its size is unknown. */
  share(): number | undefined
  /** Whether its size is another one than at the beginning. */
  hasChanged(): Promise<boolean>
}

async function* upTo(source: AsyncIterable<Uint8Array>, size: number, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let done = 0
  for await (const chunk of source) {
    const part = chunk.subarray(0, size - done)
    done += part.byteLength
    read(done)
    yield part
    if (done >= size) return
  }
}

/** @throws {FileError} */
export async function openSource(
  { readFile, fileSize }: Pick<BareContext, 'readFile' | 'fileSize'>,
  path: string,
  importer: Importer,
  options: ImporterOptions,
): Promise<SourceFile> {
  const size = await fileSize(path)
  let read = 0
  return {
    name: path,
    // Pipes are read once.
    canReopen: size !== undefined,
    open: () => {
      const bytes = upTo(readFile(path), size ?? Number.POSITIVE_INFINITY, (done) => {
        read = done
      })
      return importer.read(bytes, options)
    },
    share: () => (size === undefined || size === 0 ? undefined : read / size),
    hasChanged: async () => size !== undefined && (await fileSize(path)) !== size,
  }
}
