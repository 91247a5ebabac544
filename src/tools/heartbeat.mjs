/** Says now and then, in whole seconds, that long work still goes on. */
export async function withHeartbeat(work, say, every = 10_000) {
  const begun = performance.now()
  const timer = setInterval(() => say(Math.round((performance.now() - begun) / 1_000)), every)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
