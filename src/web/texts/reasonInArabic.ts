/** The server's reasons about fields, which are English (`fieldErrors.message`), in Arabic. */

const counts = new Intl.NumberFormat('ar-EG')

const patterns: readonly (readonly [RegExp, (count: string) => string])[] = [
  [/^is required$/, () => 'هذا الحقل مطلوب.'],
  [/^must have at least (\d+) characters$/, (count) => `يجب ألا يقل عدد الأحرف عن ${count}.`],
  [/^must have at most (\d+) characters$/, (count) => `يجب ألا يزيد عدد الأحرف على ${count}.`],
  [/^must be a valid e-mail address$/, () => 'يجب أن يكون عنوان بريد إلكتروني صحيحًا.'],
  [/^must be a valid phone number$/, () => 'يجب أن يكون رقم هاتف صحيحًا.'],
  [/^must be six digits$/, () => 'يجب أن يكون ستة أرقام.'],
  [/^must not contain control characters$/, () => 'يجب ألا يحتوي على رموز تحكم.'],
  [/^must be in the future$/, () => 'يجب أن يكون وقتًا في المستقبل.'],
  [/^is too far away$/, () => 'هذا الوقت بعيد أكثر مما يجوز.'],
  [/^is the name of another token$/, () => 'هذا الاسم لرمز آخر.'],
]

/** An unknown reason stands as it is, isolated, because it runs from left to right. */
export const reasonInArabic = (reason: string): string => {
  for (const [pattern, textOf] of patterns) {
    const found = pattern.exec(reason)
    if (found !== null) return textOf(counts.format(Number(found[1] ?? 0)))
  }
  return `لم تُقبل هذه القيمة: \u2068${reason}\u2069`
}
