/**
 * The paths of mounts and rows: what they look like, and when two of them meet.
 */
/** No `.` and no `..`, which clients take out of a path before they send it. */
const MOUNT = /^(\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/
const ROW = /^(\/(?!\.{1,2}(?:\/|$))(:[A-Za-z]\w*|[\w.~-]+))+$/

export const isMountPath = (path: string): boolean => MOUNT.test(path)
export const isRowPath = (path: string): boolean => ROW.test(path)

/** The names of a row's parameters, in their order. */
export const parametersOf = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)

/** Whether one path is the other, or below it. */
export const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(`${base}/`)

/** Whether what is below one path may be below the other as well. */
export const touch = (one: string, other: string): boolean => isBelow(one, other) || isBelow(other, one)

/** Whether one request may be for both paths. */
export const overlap = (one: string, other: string): boolean => {
  const [left, right] = [one.split('/'), other.split('/')]
  return (
    left.length === right.length &&
    left.every((part, index) => part === right[index] || part.startsWith(':') || right[index]?.startsWith(':') === true)
  )
}
