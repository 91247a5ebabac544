/** The texts of one's own account. */
import type { InEach } from '../locales.ts'
import { ar } from './textsAr.ts'
import { en } from './textsEn.ts'

export const accountTexts: InEach<typeof en> = { en, ar }
