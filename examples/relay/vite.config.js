import { transformAsync } from '@babel/core'
import relay from 'babel-plugin-relay'
import { defineConfig } from 'vite'

/** Replaces each graphql`…` by an import of what relay-compiler made of it. The types and the JSX stay, because Vite removes them. */
const relayDocuments = {
  name: 'relay-documents',
  enforce: 'pre',
  transform: async (code, id) => {
    if (!/\.tsx?$/.test(id) || !code.includes('graphql`')) return null
    const plain = { babelrc: false, configFile: false, sourceMaps: true }
    return await transformAsync(code, { ...plain, filename: id, parserOpts: { plugins: ['typescript', 'jsx'] }, plugins: [relay] })
  },
}

export default defineConfig({ plugins: [relayDocuments] })
