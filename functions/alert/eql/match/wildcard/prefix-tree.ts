/** An entry found by the literal with which a value has to begin. */
export type Prefixed = { readonly prefix: string };

/** A tree over prefixes with a node for each fork, so that a value meets only entries whose prefix it has. */
export type PrefixTree<Entry extends Prefixed> = {
  /** The text leading here from the parent node. */
  readonly label: string;
  readonly here: readonly Entry[];
  readonly below: ReadonlyMap<number, PrefixTree<Entry>>;
};

export function prefixTree<Entry extends Prefixed>(entries: readonly Entry[]): PrefixTree<Entry> {
  return branch(entries, 0, '');
}

/** Whether one of the entries whose prefix the value has passes a test. */
export function someOf<Entry extends Prefixed>(
  root: PrefixTree<Entry>,
  value: string,
  test: (entry: Entry) => boolean,
): boolean {
  let node = root;
  for (let at = 0; ; ) {
    for (const entry of node.here) if (test(entry)) return true;
    const next = node.below.get(value.charCodeAt(at));
    if (!next || !value.startsWith(next.label, at)) return false;
    at += next.label.length;
    node = next;
  }
}

function branch<Entry extends Prefixed>(
  entries: readonly Entry[],
  depth: number,
  label: string,
): PrefixTree<Entry> {
  const groups = Map.groupBy(
    entries.filter(({ prefix }) => prefix.length > depth),
    ({ prefix }) => prefix.charCodeAt(depth),
  );
  const below = new Map<number, PrefixTree<Entry>>();
  for (const [unit, group] of groups) {
    const shared = sharedLength(
      group.map(({ prefix }) => prefix),
      depth,
    );
    below.set(unit, branch(group, shared, group[0]!.prefix.slice(depth, shared)));
  }
  return { label, here: entries.filter(({ prefix }) => prefix.length === depth), below };
}

/** How far all of them agree; they do up to `depth`. */
function sharedLength(texts: readonly string[], depth: number): number {
  const first = texts[0]!;
  let shared = first.length;
  for (const text of texts) {
    let at = depth;
    while (at < shared && text.charCodeAt(at) === first.charCodeAt(at)) at++;
    shared = at;
  }
  return shared;
}
