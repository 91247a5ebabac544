/** The mails that a program without SMTP_URL keeps as files. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'

/** The texts of those to an address, the oldest first. */
export async function mailFiles(dataDir: string, to: string): Promise<readonly string[]> {
  const directory = join(dataDir, 'outbox')
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.eml')).sort()
  const mails = await Promise.all(names.map(async (name) => await simpleParser(await readFile(join(directory, name)))))
  return mails.flatMap((mail) => {
    const addressed = Array.isArray(mail.to) ? mail.to : [mail.to]
    return addressed.some((list) => list?.value.some(({ address }) => address === to)) ? [mail.text ?? ''] : []
  })
}
