/**
 * Without a mail server each mail becomes a file in DATA_DIR/outbox that mail programs open: `<time>-<number>-<id>.eml`,
 * mode 0600. Names sort by time. A file appears under its name only when it is whole.
 */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import type MimeNode from 'nodemailer/lib/mime-node/index.js'
import { makeDirectory } from '../db/makeDirectory.ts'
import type { MailStamp } from '../domain/ports.ts'

/** People read these files with `cat`: text stays as it is, and a link in one piece. */
const leaveAsTyped = (node: MimeNode): void => {
  node.getTransferEncoding = () => '8bit'
  node.childNodes.forEach(leaveAsTyped)
}

const fileName = ({ id, queuedAt }: MailStamp, sequence: number): string =>
  `${queuedAt.toISOString().replaceAll(':', '-')}-${String(sequence % 10_000).padStart(4, '0')}-${id.slice(-12)}.eml`

/** Writes a mail and gives back the path of its file. */
export function createFiles(dataDir: string): (options: SendMailOptions, stamp: MailStamp) => Promise<string> {
  const directory = join(dataDir, 'outbox')
  const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  transporter.use('stream', (mail, done) => {
    leaveAsTyped(mail.message)
    done()
  })
  let sequence = 0
  return async (options, stamp) => {
    sequence += 1
    const file = join(directory, fileName(stamp, sequence))
    const { message } = await transporter.sendMail(options)
    await makeDirectory(directory)
    await writeFile(`${file}.part`, message, { mode: 0o600, flag: 'wx' })
    await rename(`${file}.part`, file)
    return file
  }
}
