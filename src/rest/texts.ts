/**
 * What is said where no operation runs, in every dialect's own body.
 */
export const SWITCHED_OFF = 'This route is switched off'
export const READ_ONLY = 'This route is read-only'
