/** `TEST_SIZE=full` (`npm run test:moving`) moves a thousand accounts of each origin where a few stand for them in the ordinary suite. */
export const isFullSize = process.env.TEST_SIZE === 'full'
