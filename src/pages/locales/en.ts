/** The texts of the pages in English. */
import type { PageTexts } from '../pageTexts.ts'

export const en: PageTexts = {
  needsScript: 'This page needs JavaScript. Please switch it on and open the link from the mail again.',
  wait: 'One moment…',
  incomplete: 'This link is not complete. Please open the link in the mail again, or copy all of it.',
  failed: 'Something went wrong on the server. Please try again later.',
  unreachable: 'The server could not be reached. Please check your connection and try again.',
  refused: '{reason}',
  onward: 'Continue to sign-in',
  failures: {
    INVALID_MAIL_TOKEN: 'This link is not valid any more: it was used, it is too old, or a newer one was sent. Please ask for a new one.',
    EMAIL_TAKEN: 'Another account has this address.',
    EMAIL_ALREADY_VERIFIED: 'Your e-mail address is already confirmed. You can close this page.',
    ACCOUNT_DISABLED: 'This account is disabled. Please ask an administrator.',
    TOO_MANY_REQUESTS: 'There were too many attempts. Please wait a few minutes and try again.',
    OVERLOADED: 'The server is busy. Please try again in a moment.',
  },
  password: {
    label: 'New password',
    hint: 'At least 8 characters. A few unrelated words make a good one.',
    show: 'Show',
    hide: 'Hide',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    empty: 'Please type a new password.',
    refused: 'The password {reason}.',
  },
  again: {
    prompt: 'You can ask for a new link here.',
    label: 'E-mail address of your account',
    submit: 'Send a new link',
    empty: 'Please type your e-mail address.',
    done: 'If an account has this address, a mail with a new link is on its way. You can close this page.',
  },
  resetPassword: {
    title: 'Choose a new password',
    submit: 'Set new password',
    done: 'Your password is changed. You can close this page and sign in with the new one.',
    dead: 'This link is not valid any more: it was used, it is too old, or something about the account was changed since.',
  },
  confirmEmail: {
    title: 'Confirm your e-mail address',
    prompt: 'Press the button to confirm that this e-mail address is yours.',
    submit: 'Confirm e-mail address',
    done: 'Your e-mail address is confirmed. You can close this page.',
    dead: 'This link is not valid any more: it was used, it is too old, or something about the account was changed since. Sign in to ask for a new one.',
  },
  disownEmail: {
    title: 'It was not me',
    prompt:
      'Somebody created an account with your e-mail address. Press the button to remove your address from it and to end all its sessions.',
    submit: 'Remove my address from this account',
    done: 'Your e-mail address is not part of that account any more. You can close this page.',
    dead: 'This link is not valid any more: the address was already confirmed or removed from the account, or the link is too old.',
  },
  undoChange: {
    title: 'Undo a change to your account',
    prompt:
      'This restores the e-mail address and the second factor from before the change, and ends all sessions. Choose a new password for the account.',
    submit: 'Undo the change and set the password',
    done: 'Your account is as it was before. You can close this page and sign in with the new password.',
    dead: 'This link is not valid any more: it was used, it is too old, or the link of an older mail was used.',
  },
}
