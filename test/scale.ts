/** How many random cases this run takes of the full number: `npm run soak` (SOAK=1) takes all, any other run a hundredth. */
export function scale(full: number): number {
  return process.env['SOAK'] === '1' ? full : Math.max(1, Math.ceil(full / 100));
}

let announced = false;

/** The seed of this run: `SEED` from the environment, else from the clock; printed once so that a failure can be replayed. */
export function seed(): number {
  const value = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  if (!announced) process.stderr.write(`SEED=${value}\n`);
  announced = true;
  process.env['SEED'] = String(value);
  return value;
}

/** A small deterministic generator (mulberry32): numbers in [0, 1). */
export function random(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
