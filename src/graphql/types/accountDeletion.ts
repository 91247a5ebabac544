/** Deletion of your own account. */
import { builder } from '../builder.ts'
import { dropCookie } from '../cookieSlot.ts'
import { failsAs } from '../errorTypes.ts'

const DeleteAccountSuccess = builder.objectRef<{ deletedUserId: string }>('DeleteAccountSuccess').implement({
  description: 'Your account and all its data were deleted. Its sessions and personal access tokens have ended.',
  fields: (t) => ({ deletedUserId: t.exposeID('deletedUserId', { description: 'The id that the account had.' }) }),
})

const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  description: 'The proof of who you are.',
  fields: (t) => ({
    password: t.string({ required: true, description: 'Your password.' }),
    code: t.string({ description: 'A second-factor code; required if your account has a second factor.' }),
  }),
})

builder.mutationField('deleteAccount', (t) =>
  t.field({
    type: DeleteAccountSuccess,
    errors: failsAs('deleteAccount'),
    description:
      'Deletes your account and all its data, and notifies you by mail. This cannot be undone. The last enabled administrator cannot be deleted.',
    args: { input: t.arg({ type: DeleteAccountInput, required: true, description: 'The proof, with each call.' }) },
    resolve: async (_root, { input }, { operations, caller, cookie }) => {
      const deletedUserId = await operations.deleteAccount({ ...input })
      dropCookie(cookie, caller, 'all')
      return { deletedUserId }
    },
  }),
)
