/** Describes an error of the machine for its operator: `ENOSPC (the disk is full)`. Undefined for any other error. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file would be too large',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'there is a file where a directory should be',
  EISDIR: 'there is a directory where a file should be',
  EEXIST: 'it already exists',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'too many levels of symbolic links',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'out of memory',
  EIO: 'input/output error',
  EBUSY: 'another program uses it',
}

export const machineFault = (error: unknown): string | undefined => {
  const { code, path } = error as NodeJS.ErrnoException
  const words = code === undefined ? undefined : WORDS[code]
  return words === undefined ? undefined : `${code} (${words}${path === undefined ? '' : `: ${path}`})`
}
