/**
 * The mails in Arabic (Modern Standard, addressed to anybody, digits as in the codes and links: Latin). Numbers agree with
 * their nouns by the six plural forms of the language.
 */
import { inUnits, type Unit } from '../amounts.ts'
import { type Block, type MailLanguage, type Phrase, say, words } from '../content.ts'
import type { Happening, NoticeName } from '../mailFacts.ts'
import { surfaceNames } from '../surfaceNames.ts'

const plurals = new Intl.PluralRules('ar')
const date = new Intl.DateTimeFormat('ar-EG-u-nu-latn', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })

/** One, two, three to ten, eleven to ninety-nine, and whole hundreds; the number itself stands before the last three. */
type Forms = readonly [one: string, two: string, few: string, many: string, other: string]

const counted = (count: number, [one, two, few, many, other]: Forms): string =>
  ({ zero: `${count} ${other}`, one, two, few: `${count} ${few}`, many: `${count} ${many}`, other: `${count} ${other}` })[
    plurals.select(count)
  ]

/** As they stand after a preposition. */
const UNITS: Readonly<Record<Unit, Forms>> = {
  day: ['يوم واحد', 'يومين', 'أيام', 'يومًا', 'يوم'],
  hour: ['ساعة واحدة', 'ساعتين', 'ساعات', 'ساعة', 'ساعة'],
  minute: ['دقيقة واحدة', 'دقيقتين', 'دقائق', 'دقيقة', 'دقيقة'],
  second: ['ثانية واحدة', 'ثانيتين', 'ثوانٍ', 'ثانية', 'ثانية'],
}

const span = (milliseconds: number): Phrase => {
  const { count, unit } = inUnits(milliseconds)
  return words(counted(count, UNITS[unit]))
}
const instant = (at: Date): Phrase => words(`${date.format(at)}، الساعة ${time.format(at)} بالتوقيت العالمي المنسق (UTC)`)

const IF_NOT_YOU = words(
  'إذا لم يكن ذلك بعلمك، فقد يكون شخص آخر يستخدم حسابك: يُرجى إعادة تعيين كلمة المرور الآن، وإبلاغ أحد مسؤولي النظام.',
)
const noAccount = (service: string): Phrase => say`إذا لم يكن لديك حساب لدى ${service}، فلا حاجة إلى فعل أي شيء.`
const OPEN_TO_CONFIRM = words('لتأكيد أن هذا عنوان بريدك الإلكتروني، يُرجى فتح هذا الرابط:')
const CONFIRM = 'تأكيد عنوان البريد الإلكتروني'
const TYPE_CODE = words('أو إدخال هذا الرمز حيث يُطلب منك:')
const lives = (life: number, codeLife: number): Phrase =>
  say`يعمل الرابط مرة واحدة فقط، ولمدة ${span(life)}. ويعمل الرمز مرة واحدة فقط، ولمدة ${span(codeLife)}.`
const linkLife = (life: number): Phrase => say`يعمل هذا الرابط مرة واحدة فقط، ولمدة ${span(life)}.`

const undoing = (undo: { link: string; life: number } | undefined): Block[] =>
  undo === undefined
    ? [IF_NOT_YOU]
    : [
        words(
          'إذا لم يكن ذلك بعلمك، يُرجى فتح هذا الرابط: فهو يعيد عنوان بريدك الإلكتروني والمصادقة الثنائية إلى ما كانا عليه، وينهي جميع الجلسات، ويتيح لك اختيار كلمة مرور جديدة:',
        ),
        { link: undo.link, label: 'التراجع عن التغيير' },
        say`يعمل هذا الرابط مرة واحدة فقط، ولمدة ${span(undo.life)}. وإذا وصلتك عدة رسائل كهذه، يُرجى استخدام أقدمها.`,
      ]

const CODES: Forms = ['رمز استرداد واحد', 'رمزا استرداد', 'رموز استرداد', 'رمز استرداد', 'رمز استرداد']
const codesLeft = (left: number): Phrase =>
  left === 0
    ? words('لم يبقَ لديك أي رمز استرداد: يُرجى إنشاء رموز جديدة الآن.')
    : words(`بقي لديك ${counted(left, CODES)}، ويمكنك إنشاء رموز جديدة في أي وقت.`)

/** Each kind of notice in the mail that gathers them. */
const HAPPENINGS: Readonly<Record<NoticeName, string>> = {
  accountDeleted: 'حذف الحساب',
  changeUndone: 'التراجع عن تغيير برابط من رسالة',
  emailChanged: 'تغيير عنوان البريد الإلكتروني',
  passwordChanged: 'تغيير كلمة المرور',
  passwordReset: 'إعادة تعيين كلمة المرور بالبريد',
  twoFactorEnabled: 'تفعيل المصادقة الثنائية',
  twoFactorDisabled: 'إيقاف المصادقة الثنائية',
  recoveryCodesRegenerated: 'إنشاء رموز استرداد جديدة',
  recoveryCodeUsed: 'استخدام رمز استرداد',
  newDevice: 'تسجيل دخول من جهاز أو شبكة جديدة',
  personalAccessTokenCreated: 'إنشاء رمز وصول شخصي',
}
const TIMES: Forms = ['مرة واحدة', 'مرتين', 'مرات', 'مرة', 'مرة']
const happened = ({ times, firstAt, lastAt }: Happening): Phrase =>
  times === 1 ? say`مرة واحدة، ${instant(firstAt)}` : say`${words(counted(times, TIMES))}، من ${instant(firstAt)} إلى ${instant(lastAt)}`

export const ar: MailLanguage = {
  greeting: (name) => (name === null ? words('مرحبًا،') : say`مرحبًا ${name}،`),
  mails: {
    resetPassword: ({ link, life, service }) => ({
      subject: 'إعادة تعيين كلمة المرور',
      blocks: [
        say`وصلنا طلب، والأرجح أنه منك، لإعادة تعيين كلمة مرور حسابك لدى ${service}. لاختيار كلمة مرور جديدة، يُرجى فتح هذا الرابط:`,
        { link, label: 'اختيار كلمة مرور جديدة' },
        linkLife(life),
        words('إذا لم يكن هذا الطلب منك، فلا حاجة إلى فعل أي شيء: ستبقى كلمة مرورك كما هي.'),
      ],
    }),
    invitation: ({ link, life, service }) => ({
      subject: 'دعوة إلى حساب',
      blocks: [
        say`أُنشئ حساب باسمك لدى ${service}. لاختيار كلمة مروره، يُرجى فتح هذا الرابط:`,
        { link, label: 'اختيار كلمة مرور' },
        linkLife(life),
        words('إذا كانت هذه الدعوة غير متوقعة، فلا حاجة إلى فعل أي شيء: لا يمكن لأحد تسجيل الدخول إلى الحساب من دون كلمة مرور.'),
      ],
    }),
    confirmEmail: ({ link, life, code, codeLife, service }) => ({
      subject: 'تأكيد عنوان بريدك الإلكتروني',
      blocks: [
        OPEN_TO_CONFIRM,
        { link, label: CONFIRM },
        ...(code === undefined || codeLife === undefined ? [linkLife(life)] : [TYPE_CODE, { code }, lives(life, codeLife)]),
        noAccount(service),
      ],
    }),
    verifyEmail: ({ link, life, code, codeLife, disownLink, service }) => ({
      subject: 'التحقق من عنوان بريدك الإلكتروني',
      blocks: [
        OPEN_TO_CONFIRM,
        { link, label: CONFIRM },
        TYPE_CODE,
        { code },
        lives(life, codeLife),
        say`إذا لم يكن لديك حساب لدى ${service}، فقد أنشأ شخص آخر حسابًا بعنوانك. هذا الرابط يزيل عنوانك من ذلك الحساب:`,
        { link: disownLink, label: 'لم أكن أنا' },
      ],
    }),
    emailChanged: ({ newAddress, undo, hold }) => ({
      subject: 'تم تغيير عنوان بريدك الإلكتروني',
      blocks: [
        say`أصبح عنوان البريد الإلكتروني لحسابك الآن ${newAddress}، ولم يعد العنوان الذي وصلت إليه هذه الرسالة مستخدمًا للحساب.`,
        ...(undo === undefined
          ? [
              words(
                'إذا لم يكن ذلك بعلمك، فقد يكون شخص آخر يستخدم حسابك: يُرجى إبلاغ أحد مسؤولي النظام الآن. أما رسالة إعادة تعيين كلمة المرور فستُرسل إلى العنوان الجديد.',
              ),
            ]
          : [...undoing(undo), say`لمدة ${span(hold)} من الآن، ستظل رسالة إعادة تعيين كلمة المرور تُرسل إلى هذا العنوان.`]),
      ],
    }),
    accountDeleted: ({ service }) => ({
      subject: 'تم حذف حسابك',
      blocks: [
        say`تم حذف حسابك لدى ${service} مع جميع بياناته، بطلب أُكّد بكلمة مرورك. لا يمكن التراجع عن ذلك، ولن تصل رسائل أخرى عن هذا الحساب.`,
        words('إذا لم يكن ذلك بعلمك، فقد عرف شخص آخر كلمة مرورك: يُرجى إبلاغ أحد مسؤولي النظام، وتغييرها حيثما تُستخدم أيضًا.'),
      ],
    }),
    changeUndone: () => ({
      subject: 'عاد حسابك إلى ما كان عليه',
      blocks: [
        words(
          'تم التراجع عن تغيير في حسابك برابط من رسالة بريد: عاد عنوان بريدك الإلكتروني والمصادقة الثنائية إلى ما كانا عليه قبله، وأُنهيت جميع الجلسات وأُلغيت جميع رموز الوصول الشخصية. يمكنك تسجيل الدخول بكلمة المرور الجديدة.',
        ),
        IF_NOT_YOU,
      ],
    }),
    passwordChanged: () => ({
      subject: 'تم تغيير كلمة المرور',
      blocks: [words('تم تغيير كلمة مرور حسابك، وأُنهيت جميع الجلسات الأخرى وأُلغيت جميع رموز الوصول الشخصية.'), IF_NOT_YOU],
    }),
    passwordReset: ({ cleaned }) => ({
      subject: 'تمت إعادة تعيين كلمة المرور',
      blocks: [
        words(
          'تمت إعادة تعيين كلمة مرور حسابك برابط من رسالة بريد، وأُنهيت جميع الجلسات وأُلغيت جميع رموز الوصول الشخصية. يمكنك تسجيل الدخول بكلمة المرور الجديدة.',
        ),
        ...(cleaned
          ? [
              words(
                'تم تأكيد هذا العنوان لأول مرة. وحتى لا يبقى لأحد غيرك سبيل إلى الحساب، أُزيلت منه المصادقة الثنائية ورموز الاسترداد، وأُلغيت التغييرات المعلّقة. ويمكنك تفعيل المصادقة الثنائية من جديد.',
              ),
            ]
          : []),
        IF_NOT_YOU,
      ],
    }),
    twoFactorEnabled: ({ undo }) => ({
      subject: 'تم تفعيل المصادقة الثنائية',
      blocks: [
        words(
          'من الآن فصاعدًا، يتطلب تسجيل الدخول إلى حسابك رمزًا من تطبيق المصادقة أيضًا. يُرجى حفظ رموز الاسترداد في مكان آمن: فهي سبيل الدخول إذا فُقد التطبيق.',
        ),
        ...undoing(undo),
      ],
    }),
    twoFactorDisabled: ({ undo }) => ({
      subject: 'تم إيقاف المصادقة الثنائية',
      blocks: [words('من الآن فصاعدًا، تكفي كلمة المرور وحدها لتسجيل الدخول إلى حسابك.'), ...undoing(undo)],
    }),
    recoveryCodesRegenerated: () => ({
      subject: 'لديك رموز استرداد جديدة',
      blocks: [words('أُنشئت رموز استرداد جديدة لحسابك، ولم تعد الرموز القديمة تعمل.'), IF_NOT_YOU],
    }),
    recoveryCodeUsed: ({ left }) => ({
      subject: 'تم استخدام رمز استرداد',
      blocks: [words('استُخدم أحد رموز الاسترداد الخاصة بحسابك، ولن يعمل مرة أخرى.'), codesLeft(left), IF_NOT_YOU],
    }),
    newDevice: ({ at, clientAddress, userAgent, surface }) => ({
      subject: 'تسجيل دخول جديد إلى حسابك',
      blocks: [
        words('سُجّل الدخول إلى حسابك، والأرجح أن ذلك منك، من جهاز أو شبكة لم نعرفهما من قبل:'),
        {
          details: [
            ['الوقت', instant(at)],
            ['عنوان الشبكة', say`${clientAddress}`],
            ['البرنامج', userAgent === null ? words('غير معروف') : say`${userAgent}`],
            ['عن طريق', say`${surfaceNames[surface]}`],
          ],
        },
        IF_NOT_YOU,
      ],
    }),
    personalAccessTokenCreated: ({ tokenName, expiresAt }) => ({
      subject: 'تم إنشاء رمز وصول شخصي',
      blocks: [
        words('أُنشئ رمز وصول شخصي لحسابك. من يحمل هذا الرمز يمكنه استخدام حسابك من دون تسجيل الدخول.'),
        {
          details: [
            ['الاسم', say`${tokenName}`],
            ['صالح حتى', instant(expiresAt)],
          ],
        },
        words(
          'إذا لم يكن ذلك بعلمك، فقد يكون شخص آخر يستخدم حسابك: يُرجى إلغاء الرمز وإعادة تعيين كلمة المرور الآن، وإبلاغ أحد مسؤولي النظام.',
        ),
      ],
    }),
    digest: ({ happenings }) => ({
      subject: 'ما حدث في حسابك',
      blocks: [
        words('حدث في حسابك خلال ساعة أكثر مما نرسل عنه رسائل منفردة. وهذا ما بقي:'),
        { details: happenings.map((happening) => [HAPPENINGS[happening.name], happened(happening)] as const) },
        IF_NOT_YOU,
      ],
    }),
  },
  closing: ({ service }) => say`أُرسلت هذه الرسالة من ${service}.`,
}
