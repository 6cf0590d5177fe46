/** The letters of a state in groups that lead to the same entries: most of them go where `.*` goes, and are one group. */
export class LetterGroups {
  readonly of: Int32Array;
  /** A group has the entries of the one it was parted from, and one more. */
  #from: number[] = [];
  #added: number[] = [];
  /** The group that was parted last from each, which is from this set of letters if it is not less than `before`. */
  #parted: number[] = [];

  constructor(size: number) {
    this.of = new Int32Array(size);
  }

  clear(): void {
    this.of.fill(0);
    this.#from = [0];
    this.#added = [0];
    this.#parted = [0];
  }

  /** Lets `letters` lead to `entry`, too. */
  lead(letters: readonly number[], entry: number): void {
    const before = this.#from.length;
    for (const letter of letters) {
      const group = this.of[letter]!;
      let own = this.#parted[group]!;
      if (own < before) {
        own = this.#from.push(group) - 1;
        this.#added.push(entry);
        this.#parted.push(0);
        this.#parted[group] = own;
      }
      this.of[letter] = own;
    }
  }

  /** The entries of a group, in the order in which they were added. */
  entries(group: number): readonly number[] {
    const entries: number[] = [];
    for (let at = group; at !== 0; at = this.#from[at]!) entries.push(this.#added[at]!);
    return entries.reverse();
  }
}
