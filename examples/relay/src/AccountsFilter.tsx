import { type FormEvent, useId } from 'react'

export interface Filter {
  readonly search: string
  readonly filter: { readonly twoFactorEnabled: true } | null
}

interface Props {
  readonly isPending: boolean
  readonly onFilter: (filter: Filter) => void
}

export const AccountsFilter = ({ isPending, onFilter }: Props) => {
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    onFilter({ search: String(fields.get('search')), filter: fields.has('twoFactor') ? { twoFactorEnabled: true } : null })
  }
  return (
    <form aria-label="Search accounts" onSubmit={submit}>
      <label htmlFor={`${id}-search`}>Name, username or address</label>
      <input id={`${id}-search`} name="search" type="search" autoComplete="off" />
      <p>
        <input id={`${id}-twoFactor`} name="twoFactor" type="checkbox" />{' '}
        <label htmlFor={`${id}-twoFactor`}>Only accounts with a second factor</label>
      </p>
      <button type="submit" disabled={isPending}>
        Search
      </button>
    </form>
  )
}
