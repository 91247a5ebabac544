import type { ReactNode } from 'react'

export const AccountsTable = ({ children }: { readonly children: ReactNode }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Username</th>
        <th scope="col">Second factor</th>
        <th scope="col">Actions</th>
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)
