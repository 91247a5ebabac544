/** The answer to a request of access as one JSON document, for programs. It is written as it is read. */
import type { PersonalDocument, PersonalSink } from './document.ts'

export const jsonSink = (write: (text: string) => Promise<void>, { id, exportedAt }: PersonalDocument): PersonalSink => {
  let isFirstRow = true
  const field = async (name: string, text: string): Promise<void> => await write(`,\n  ${JSON.stringify(name)}: ${text}`)
  return {
    begin: async () => await write(`{\n  "account": ${JSON.stringify(id)},\n  "exportedAt": ${JSON.stringify(exportedAt.toISOString())}`),
    one: async (name, fields) => await field(name, JSON.stringify(fields)),
    async beginList(name) {
      isFirstRow = true
      await field(name, '[')
    },
    async row(fields) {
      await write(`${isFirstRow ? '\n' : ',\n'}    ${JSON.stringify(fields)}`)
      isFirstRow = false
    },
    endList: async () => await write(isFirstRow ? ']' : '\n  ]'),
    end: async () => await write('\n}\n'),
  }
}
