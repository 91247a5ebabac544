/** What the machine refuses, in words for whoever runs it: `ENOSPC (the disk is full)`. Nothing for any other error. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'a file would be larger than this user may have',
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'there is a file where a directory should be',
  EISDIR: 'there is a directory where a file should be',
  EEXIST: 'it is there already',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links go round',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'there is no memory left',
  EIO: 'the disk is faulty',
  EBUSY: 'something else has it open',
}

export const machineFault = (error: unknown): string | undefined => {
  const { code, path } = error as NodeJS.ErrnoException
  const words = code === undefined ? undefined : WORDS[code]
  return words === undefined ? undefined : `${code} (${words}${path === undefined ? '' : `: ${path}`})`
}
