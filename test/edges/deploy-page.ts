import { readFileSync } from 'node:fs';

/** docs/deploy.md, of which everything is typed as written. */
export const PAGE = readFileSync('docs/deploy.md', 'utf8').replaceAll(/^ {2,}(?=\S)/gm, '');
/** The first deployment, as the page has it. */
export const TYPED = /npm run deploy -- SourceBucketName.*?(?=\n```)/s.exec(PAGE)![0];
export const GIVEN: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(TYPED.matchAll(/(\w+)=(\S+)/g), ([, name, value]) => [name!, value!]),
);

/** The first line of the page that begins so: what a reader types. @throws where the page has none */
export function typedLine(beginning: string): string {
  const line = PAGE.split('\n').find(one => one.startsWith(beginning));
  if (line === undefined) throw new Error(`docs/deploy.md does not have ${beginning}`);
  return line;
}

/**
 * The lines of the first block that begins so; `…` is any text. `isCounted`: its figures are of another bucket, and any
 * figures will do.
 */
export function shown(
  beginning: string,
  { of = PAGE, isCounted = false }: { readonly of?: string; readonly isCounted?: boolean } = {},
): RegExp[] {
  const at = of.indexOf(beginning);
  if (at === -1) throw new Error(`docs/deploy.md does not show ${beginning}`);
  const lines = of
    .slice(at)
    .split(/\n(?:```|\n)/)[0]!
    .split('\n');
  return lines
    .filter(one => one !== '…')
    .map(one => {
      const pattern = escaped(one);
      return new RegExp(`^ *${isCounted ? pattern.replaceAll(FIGURE, FIGURES) : pattern}$`, 'm');
    });
}

const FIGURE = /(?<![-\d:T])\d[\d,]*(\\\.\d+)?( [kMG]B| min)?(?![-\d:])/g;
const FIGURES = '\\d[\\d,.]*( \\w*B| min| s)?';

function escaped(line: string): string {
  return line
    .replace(/\[y\/N\] y$/, '[y/N] …')
    .split('…')
    .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}
