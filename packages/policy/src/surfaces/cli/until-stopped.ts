/** A program that is told to stop logs out first. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs work with a signal that ends when the program is told to stop. */
export async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  for (const signal of stopSignals) process.once(signal, interrupted);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of stopSignals) process.off(signal, interrupted);
  }
}
