/** A table of facts. On a narrow screen each row is a block whose cells name their column. */
import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly key: string
  readonly title: ReactNode
  /** The title as text, where `title` is more than that. */
  readonly label?: string
  readonly cell: (row: Row) => ReactNode
  readonly isNumber?: boolean
  /** Of its own kind: as narrow as a box to tick, or wide enough for a few words or a code. */
  readonly size?: 'small' | 'large'
  readonly sort?: 'ascending' | 'descending' | 'none'
}

interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
}

const labelOf = <Row,>({ label, title }: Column<Row>): string | undefined => label ?? (typeof title === 'string' ? title : undefined)

const classOf = <Row,>({ isNumber = false, size }: Column<Row>): string | undefined => (isNumber ? 'number' : size)

export const DataTable = <Row,>({ label, columns, rows, keyOf }: TableProps<Row>) => (
  <div className="table-frame">
    <table className="stacks" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={classOf(column)} aria-sort={column.sort}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <td key={column.key} className={classOf(column)} data-label={labelOf(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
