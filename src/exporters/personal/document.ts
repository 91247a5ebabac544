/** What the forms of an answer to a request of access have in common. */
import type { Sink } from '../../domain/moving/personalData/readPersonalData.ts'

export interface PersonalDocument {
  /** Of the account. */
  readonly id: string
  readonly exportedAt: Date
}

export interface PersonalSink extends Sink {
  begin(): Promise<void>
  end(): Promise<void>
}

/** All texts of the page in one language. A field or section without one has its name. */
export interface PersonalTexts {
  readonly title: string
  readonly account: string
  readonly exportedAt: string
  readonly none: string
  readonly yes: string
  readonly no: string
  readonly sections: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>>
  /** Day and time. */
  readonly time: (at: Date) => string
}
