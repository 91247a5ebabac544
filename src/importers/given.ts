/** A text that is not empty; undefined for none. */
export const given = (text: string | null | undefined): string | undefined => (text == null || text.trim() === '' ? undefined : text)
