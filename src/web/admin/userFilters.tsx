/** Which accounts the list shows, and in which order. */
import { useTextsOf } from '../locale.tsx'
import { Choice } from '../parts/choice.tsx'
import { FilterField, FilterForm } from '../parts/filterForm.tsx'
import { useParameters } from '../routing.ts'
import { usersTexts } from './textsUsers.ts'
import { filterNames, type Sort, sorts } from './useUserList.ts'

export const UserFilters = ({ sort }: { readonly sort: Sort }) => {
  const texts = useTextsOf(usersTexts).list
  const [parameters] = useParameters()
  const given = (name: string) => parameters.get(name) ?? ''
  const flag = (name: string, label: string, yes: string, no: string) => (
    <Choice
      name={name}
      label={label}
      defaultValue={given(name)}
      options={[
        { value: '', label: texts.any },
        { value: 'yes', label: yes },
        { value: 'no', label: no },
      ]}
    />
  )
  return (
    <FilterForm label={texts.filters} names={filterNames}>
      <FilterField name="search" label={texts.search} defaultValue={given('search')} />
      {flag('disabled', texts.state, texts.disabledOnly, texts.enabledOnly)}
      {flag('admin', texts.role, texts.adminsOnly, texts.othersOnly)}
      {flag('verified', texts.address, texts.verifiedOnly, texts.unverifiedOnly)}
      {flag('factor', texts.secondFactor, texts.withOnly, texts.withoutOnly)}
      <Choice name="sort" label={texts.sort} defaultValue={sort} options={sorts.map((value) => ({ value, label: texts.sorts[value] }))} />
    </FilterForm>
  )
}
