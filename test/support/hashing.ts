/** Both libraries that compute hashes, so that tests can run with each: `describe.each(libraries)`. */
import { type Argon2, loadAccelerator, loadStandard } from '../../src/domain/hashing/argon2.ts'

const accelerator = await loadAccelerator()
if (accelerator === null) throw new Error('@node-rs/argon2 cannot be loaded here: install the optional packages to run the tests')

export const libraries: readonly Argon2[] = [await loadStandard(), accelerator]
