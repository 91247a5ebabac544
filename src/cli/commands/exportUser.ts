/** `vestibule export user` writes all there is about one person, for a request of access (GDPR, article 15). */
import { Option } from 'commander'
import { Failure } from '../../domain/base/errors.ts'
import { type Locale, locales } from '../../domain/base/locales.ts'
import { htmlSink } from '../../exporters/personal/htmlSink.ts'
import { jsonSink } from '../../exporters/personal/jsonSink.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount } from '../findAccount.ts'
import { intoFile } from '../intoFile.ts'

interface Args {
  readonly user: string
  readonly file: string
  readonly html?: true
  readonly language?: Locale
}

/** Of a deleted account, only the id is left. */
const find = async ({ domain }: Pick<CommandContext, 'domain'>, user: string): Promise<{ id: string; locale?: Locale }> => {
  try {
    const { id, locale } = await findAccount(domain, user)
    return { id, locale: locales.find((each) => each === locale) ?? 'en' }
  } catch (error) {
    const isGone =
      error instanceof Failure && error.code === 'NOT_FOUND' && (await domain.db.auditEvent.findFirst({ where: { userId: user } })) !== null
    if (isGone) return { id: user }
    throw error
  }
}

export const exportUser = defineCommand<'domain', Args>({
  name: 'export user',
  summary: 'Write all there is about one person, without secrets',
  examples: [
    ['export user ada@example.com ada.json', 'for programs'],
    ['export user ada@example.com ada.html --html', 'a page to read, in the language of the account'],
    ['export user 5f0c1e7a ada.json', 'a deleted account, by its id: its events'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<user>', 'id, username or e-mail address')
      .argument('<file>', 'a new file, or - for standard output')
      .option('--html', 'a page to read, instead of JSON')
      .addOption(new Option('--language <language>', 'of the page; by default that of the account').choices([...locales])),
  async run({ domain, output, ...files }, { user, file, html = false, language }) {
    const { readPersonalData } = await import('../../domain/moving/personalData/readPersonalData.ts')
    const { id, locale = domain.config.DEFAULT_LOCALE } = await find({ domain }, user)
    const document = { id, exportedAt: domain.clock.now() }
    await intoFile(files, file, async ({ text }) => {
      const sink = html ? htmlSink(text, document, language ?? locale) : jsonSink(text, document)
      await sink.begin()
      await readPersonalData(domain, id, sink)
      await sink.end()
    })
    if (file !== '-') await output.result({ file, id }, `Wrote what there is about ${id} to ${file}.`)
    return exitCodes.done
  },
})
