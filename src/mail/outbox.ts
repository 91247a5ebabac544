/**
 * Without a mail server each mail becomes a file in DATA_DIR/outbox that mail programs open: `<time>-<random>.eml`, mode
 * 0600. Names sort by time. A file appears under its name only when it is whole.
 */
import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import type MimeNode from 'nodemailer/lib/mime-node/index.js'
import { makeDirectory } from '../db/makeDirectory.ts'

/** People read these files with `cat`: text stays as it is, and a link in one piece. */
const leaveAsTyped = (node: MimeNode): void => {
  node.getTransferEncoding = () => '8bit'
  node.childNodes.forEach(leaveAsTyped)
}

const fileName = (date: Date, sequence: number): string =>
  `${date.toISOString().replaceAll(':', '-')}-${String(sequence % 10_000).padStart(4, '0')}-${randomBytes(6).toString('hex')}.eml`

/** Writes a mail and gives back the path of its file. */
export function createOutbox(dataDir: string): (options: SendMailOptions, date: Date) => Promise<string> {
  const directory = join(dataDir, 'outbox')
  const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  transporter.use('stream', (mail, done) => {
    leaveAsTyped(mail.message)
    done()
  })
  let sequence = 0
  return async (options, date) => {
    sequence += 1
    const file = join(directory, fileName(date, sequence))
    const { message } = await transporter.sendMail(options)
    await makeDirectory(directory)
    await writeFile(`${file}.part`, message, { mode: 0o600, flag: 'wx' })
    await rename(`${file}.part`, file)
    return file
  }
}
