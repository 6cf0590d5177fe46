/** Draws from a stream of numbers in [0, 1). */
export type Draw = {
  readonly below: (limit: number) => number;
  readonly chance: (share: number) => boolean;
  readonly one: <Item>(items: readonly Item[]) => Item;
  readonly text: (alphabet: readonly string[], longest: number) => string;
};

export function drawFrom(next: () => number): Draw {
  const below = (limit: number) => Math.floor(next() * limit);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  return {
    below,
    one,
    chance: share => next() < share,
    text: (alphabet, longest) => Array.from({ length: below(longest + 1) }, () => one(alphabet)).join(''),
  };
}
