/** What the OpenAPI document of `kiosk` prints of each route. */
export const texts = {
  login: { operationId: 'login', tag: 'session', summary: 'Sign in', success: 'Signed in' },
  loginCode: { operationId: 'loginCode', tag: 'session', summary: 'Go on with the code of an authenticator', success: 'Signed in' },
  me: { operationId: 'me', tag: 'people', summary: 'Who am I?', success: 'The account of the session' },
  people: { operationId: 'people', tag: 'people', summary: 'The people, 50 a page', success: 'In the order in which they came' },
  person: { operationId: 'person', tag: 'people', summary: 'One of them', success: 'The person' },
  addPerson: { operationId: 'addPerson', tag: 'people', summary: 'Add somebody', success: 'The new person' },
  password: {
    operationId: 'password',
    tag: 'session',
    summary: 'Change your password',
    success: 'Changed; all other sessions have ended',
  },
} as const
