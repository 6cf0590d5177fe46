import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { HOSTILE } from './hostile-texts.ts';
import { type Differences, pivotAlert } from './pivot-fixture.ts';
import { readPowerShell } from './query-readers/powershell.ts';

type Node = {
  readonly type: string;
  readonly text: string;
  readonly isMissing: boolean;
  readonly children: readonly Node[];
};
type Grammar = { readonly parse: (text: string) => { readonly rootNode: Node } };

const require = createRequire(import.meta.url);

/** A grammar of PowerShell that is not ours; `null` where its packages are not installed. */
async function loadGrammar(): Promise<Grammar | null> {
  let wasm: string;
  let treeSitter: {
    Parser: { init(): Promise<void>; new (): Grammar & { setLanguage(language: unknown): void } };
    Language: { load(bytes: Uint8Array): Promise<unknown> };
  };
  try {
    wasm = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
    treeSitter = require('web-tree-sitter');
  } catch {
    return null;
  }
  await treeSitter.Parser.init();
  const parser = new treeSitter.Parser();
  parser.setLanguage(await treeSitter.Language.load(readFileSync(wasm)));
  return parser;
}

const grammar = await loadGrammar();

function* nodesOf(node: Node): Iterable<Node> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

const commands = (differences: Differences): readonly string[] =>
  pivots(pivotAlert(differences), 'en').flatMap(({ language, text }) =>
    language === 'PowerShell' && text !== null ? [text] : [],
  );

/** Every command is PowerShell without an error, with the same strings as by the rules of its tokenizer. */
function check(differences: Differences, count: number): void {
  const texts = commands(differences);
  expect(texts).toHaveLength(count);
  for (const text of texts) {
    const nodes = [...nodesOf(grammar!.parse(text).rootNode)];
    const errors = nodes.filter(node => node.type === 'ERROR' || node.isMissing).map(node => node.text);
    expect([text, errors]).toEqual([text, []]);
    const strings = nodes
      .filter(node => node.type === 'verbatim_string_characters')
      .map(node => node.text.slice(1, -1).replaceAll("''", "'"));
    const plain = text.slice(0, text.includes('\n#') ? text.indexOf('\n#') : undefined);
    if (!plain.includes('[char]')) expect(readPowerShell(plain).strings).toEqual(strings);
  }
}

describe.skipIf(grammar === null)('PowerShell, by a grammar of its own', () => {
  beforeAll(() => {
    // The oracle is no oracle if it accepts everything.
    const nodes = [...nodesOf(grammar!.parse("$a = 'b' 'c").rootNode)];
    expect(nodes.some(node => node.type === 'ERROR' || node.isMissing)).toBe(true);
  });
  it('reads the commands for a user', () => check({}, 4));
  it.each(HOSTILE.filter(text => text.trim() !== ''))('reads the commands about %j', text => {
    check({ registry: { key: text, value: text, data: [text] }, facts: { program: null } }, 3);
  });
  it.each(['REG_EXPAND_SZ', 'REG_MULTI_SZ', 'REG_DWORD', 'REG_QWORD'])(
    'reads the commands for a %s',
    type => {
      check({ registry: { type, data: ['1'] }, facts: { program: null } }, 3);
    },
  );
  it('reads the commands for a service', () => {
    const key = 'SYSTEM\\ControlSet001\\Services\\Evil';
    const registry = { root: 'machine', hive: 'HKLM', type: 'REG_EXPAND_SZ', data: ['%x%\\e.dll'] } as const;
    const facts = { service: 'Evil', program: null };
    check({ facts, registry: { ...registry, key, value: 'ImagePath' } }, 3);
    check({ facts, registry: { ...registry, key: `${key}\\Parameters`, value: 'ServiceDll' } }, 3);
  });
});
