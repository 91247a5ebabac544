/**
 * Passwords of Devise with `config.pepper`: bcrypt of the password followed by the pepper, with `$devise` before the hash. The pepper is
 * DEVISE_PEPPER in the environment. https://github.com/heartcombo/devise/blob/main/lib/devise/encryptor.rb
 */
const PREFIX = '$devise'

/** @param {import('../../src/domain/hashing/families/made.ts').HashTools} tools */
export default ({ bcrypt, refused }) => {
  const pepper = process.env.DEVISE_PEPPER ?? ''
  if (pepper === '') throw new Error('DEVISE_PEPPER is not set')
  return {
    name: 'devise-pepper',
    read(text) {
      if (!text.startsWith(`${PREFIX}$`)) return null
      const hash = bcrypt(text.slice(PREFIX.length), (password) => `${password}${pepper}`)
      if (hash === null) throw refused('not the form of a bcrypt hash')
      return { ...hash, unmatched: `${PREFIX}${hash.unmatched}` }
    },
  }
}
