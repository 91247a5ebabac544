/** Durations such as `30m`, in milliseconds. A number without a unit is refused, because programs read it differently. */
import ms from 'ms'
import * as z from 'zod'

const LONGEST = ms('10y')
const DURATION = /^\d{1,12}(?:\.\d{1,6})? ?[a-z]+$/
const BARE = /^[1-9]\d{0,11}$/
/** From here on, a number probably means milliseconds. */
const MILLISECONDS_FROM = 1_000_000

const isDuration = (value: number | undefined): value is number => value !== undefined && value > 0 && value <= LONGEST

/** Suggestions for a number without a unit: `30m or 1800s`. */
const meanings = (text: string): string => {
  const unit = Number(text) < MILLISECONDS_FROM ? 's' : 'ms'
  const plain = `${text}${unit}`
  const value = ms(plain as ms.StringValue)
  const short = ms(value)
  return short !== plain && ms(short as ms.StringValue) === value ? `${short} or ${plain}` : `${plain} or ${text}m`
}

const read = (text: string, context: z.RefinementCtx, orElse: string): number => {
  const value = DURATION.test(text) ? ms(text as ms.StringValue) : undefined
  if (isDuration(value)) return value
  const message = BARE.test(text)
    ? `${text} has no unit: ${meanings(text)}?`
    : `must be a duration such as 30m, 24h or 90d, at most ten years${orElse}`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

/** More than zero, and at most ten years. */
export const duration = z.string().transform((text, context) => read(text, context, ''))

/** The same, or `0`. */
export const durationOrNone = z.string().transform((text, context) => (text === '0' ? 0 : read(text, context, ', or 0')))
