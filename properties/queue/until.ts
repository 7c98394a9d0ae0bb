/** Longer than anything here takes: a lock runs out in 35 s, and machines of CI are shared. */
const LONG = 120_000;

/**
 * Waits until something holds.
 *
 * @param otherwise what is so instead, in words; it may throw, which ends the waiting
 * @throws Error with these words where it does not come to hold: a test that waits forever says nothing
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  otherwise: () => string = () => `nothing came of ${holds}`,
): Promise<void> {
  const end = performance.now() + LONG;
  while (!(await holds())) {
    const words = otherwise();
    if (performance.now() > end) throw new Error(words);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
