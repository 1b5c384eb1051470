/** Looks until `look` gives something; what is done in the background has no other sign. Rejects after `seconds`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { seconds = 20, every = 100 } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
