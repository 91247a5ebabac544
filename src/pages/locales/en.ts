/** What the pages say in English. */
import type { PageTexts } from '../texts.ts'

export const en: PageTexts = {
  needsScript: 'This page needs JavaScript. Please switch it on and open the link from the mail again.',
  wait: 'One moment…',
  incomplete: 'This link is not complete. Please open the link in the mail again, or copy all of it.',
  failed: 'Something went wrong on the server. Please try again later.',
  unreachable: 'The server could not be reached. Please check your connection and try again.',
  refused: '{reason}',
  failures: {
    INVALID_MAIL_TOKEN: 'This link is not valid any more: it was used, it is too old, or a newer one was sent. Please ask for a new one.',
    EMAIL_TAKEN: 'Another account has this address.',
    EMAIL_ALREADY_VERIFIED: 'Your e-mail address is confirmed already. You can close this page.',
    ACCOUNT_DISABLED: 'This account is disabled. Please ask an administrator.',
    TOO_MANY_REQUESTS: 'There were too many attempts. Please wait a few minutes and try again.',
    OVERLOADED: 'The server is busy. Please try again in a moment.',
  },
  resetPassword: {
    title: 'Choose a new password',
    label: 'New password',
    hint: 'At least 8 characters. A few unrelated words make a good one.',
    show: 'Show',
    hide: 'Hide',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    submit: 'Set new password',
    empty: 'Please type a new password.',
    refused: 'The password {reason}.',
    done: 'Your password is changed. You can close this page and sign in with the new one.',
  },
  confirmEmail: {
    title: 'Confirm your e-mail address',
    prompt: 'Press the button to confirm that this e-mail address is yours.',
    submit: 'Confirm e-mail address',
    done: 'Your e-mail address is confirmed. You can close this page.',
  },
}
