/** Things that are kept; a directory of Elastic's own rules has some hundreds. */
const MOST = 1024;

const known = new Map<string, unknown>();

/**
 * What `read` makes of these texts, which decide it alone: to read and check a rule takes far longer than to look it up, and
 * `compare` has most rules in common. What is refused is read again. Published sets are not kept: their TOML was read by
 * whoever published them.
 */
export function readOnce<Made>(texts: readonly unknown[], read: () => Made): Made {
  const key = JSON.stringify(texts);
  if (known.has(key)) return known.get(key) as Made;
  const made = read();
  known.set(key, made);
  if (known.size > MOST) known.delete(known.keys().next().value!);
  return made;
}
