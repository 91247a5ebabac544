/**
 * Without a mail server, each mail becomes a file in DATA_DIR/outbox that mail programs can open: `<time>-<number>-<id>.eml`, mode
 * 0600. Names sort by time, and a file appears only when it is complete. At most `most` files are kept (for a while a tenth more);
 * the oldest are deleted, so that strangers cannot fill the disk. Cost: reads the directory once per some number of mails.
 */
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import type MimeNode from 'nodemailer/lib/mime-node/index.js'
import { makeDirectory } from '../db/makeDirectory.ts'
import type { MailStamp } from '../domain/base/ports.ts'

/** People read these files with `cat`: the text is not encoded, and links are not split. */
const leaveAsTyped = (node: MimeNode): void => {
  node.getTransferEncoding = () => '8bit'
  node.childNodes.forEach(leaveAsTyped)
}

const fileName = ({ id, queuedAt }: MailStamp, sequence: number): string =>
  `${queuedAt.toISOString().replaceAll(':', '-')}-${String(sequence % 10_000).padStart(4, '0')}-${id.slice(-12)}.eml`

const deleteOldest = async (directory: string, most: number): Promise<void> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.eml')).sort()
  for (const name of names.slice(0, Math.max(0, names.length - most))) await rm(join(directory, name), { force: true })
}

/** Writes a mail and returns the path of its file. */
export function createFiles(dataDir: string, most: number): (options: SendMailOptions, stamp: MailStamp) => Promise<string> {
  const directory = join(dataDir, 'outbox')
  const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  transporter.use('stream', (mail, done) => {
    leaveAsTyped(mail.message)
    done()
  })
  const pause = Math.max(1, Math.floor(most / 10))
  let sequence = 0
  return async (options, stamp) => {
    await makeDirectory(directory)
    if (sequence % pause === 0) await deleteOldest(directory, most)
    sequence += 1
    const file = join(directory, fileName(stamp, sequence))
    const { message } = await transporter.sendMail(options)
    await writeFile(`${file}.part`, message, { mode: 0o600, flag: 'wx' })
    await rename(`${file}.part`, file)
    return file
  }
}
