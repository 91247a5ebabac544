/** The bundler, a development package; if it is missing, one line says what to run. */
export const loadEsbuild = async () => {
  try {
    return await import('esbuild')
  } catch {
    process.stderr.write('vestibule: this needs the packages for development: run `npm ci --include=dev`\n')
    process.exit(1)
  }
}
