/** Programs of Debian that are the origins of tests. In CI each must be there; elsewhere the tests of one that is missing are skipped. */
import { spawnSync } from 'node:child_process'

const runs = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0 || process.env.CI !== undefined

const named = (has: boolean, packages: string) => ({ has, skipped: has ? '' : ` (skipped: apt-get install ${packages})` })

export const PYTHON = '/usr/bin/python3'

export const python = named(
  runs(PYTHON, '-c', 'import django, bcrypt, argon2, passlib'),
  'python3-django python3-bcrypt python3-argon2 python3-passlib',
)
export const ruby = named(runs('ruby', '-rdevise', '-ractive_record', '-rsqlite3', '-e', ''), 'ruby-devise ruby-activerecord ruby-sqlite3')
export const php = named(
  runs('php', '-r', 'exit(is_file("/usr/share/wordpress/wp-includes/class-phpass.php") && extension_loaded("mysqli") ? 0 : 1);') &&
    runs('/usr/sbin/mariadbd', '--version'),
  'wordpress php-cli php-mysql mariadb-server',
)
