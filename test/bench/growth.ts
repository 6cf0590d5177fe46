import { EVENTS_PER_GB, log, rules, smallObjects } from './materials.ts';
import { measure } from './measure.ts';

/** One curve: what a scan costs as one thing grows. */
export type Curve = {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly { readonly x: number; readonly cpuMs: number; readonly rssMb: number }[];
};

const CLI = 'dist/cli.mjs';

async function point(x: number, args: readonly string[]): Promise<Curve['points'][number]> {
  const { cpuMs, rssMb } = await measure({
    name: `growth ${x}`,
    args: [CLI, 'scan', '--format', 'json', ...args],
  });
  return { x, cpuMs, rssMb };
}

/** Measures every curve; `scale` 1 goes to the full sizes. */
export async function measureGrowth(scale: number): Promise<Curve[]> {
  const upTo = (sizes: readonly number[]): number[] =>
    sizes.map(size => Math.max(1, Math.round(size * scale)));
  const perMb = EVENTS_PER_GB / 1000;
  const size: Curve['points'][number][] = [];
  for (const mb of upTo([10, 100, 1000, 4000]))
    size.push(await point(mb, [await log(`size-${mb}.ndjson.gz`, mb * perMb)]));
  const matches: Curve['points'][number][] = [];
  for (const count of upTo([0, 1000, 10_000, 100_000])) {
    matches.push(await point(count, [await log(`matches-${count}.ndjson.gz`, Math.max(count, 1000), count)]));
  }
  const ruleCount: Curve['points'][number][] = [];
  const some = await log(
    `size-${Math.max(1, Math.round(100 * scale))}.ndjson.gz`,
    Math.max(1, Math.round(100 * scale)) * perMb,
  );
  for (const count of [1, 10, 30, 100]) ruleCount.push(await point(count, ['--rules', rules(count), some]));
  const objects: Curve['points'][number][] = [];
  for (const count of upTo([1, 100, 1000, 5000])) objects.push(await point(count, await smallObjects(count)));
  return [
    { title: 'size of the object', unit: 'MB decompressed', points: size },
    { title: 'matches', unit: 'matches', points: matches },
    { title: 'rules', unit: 'rules, each with another literal', points: ruleCount },
    { title: 'objects of 50 KB', unit: 'objects', points: objects },
  ];
}

/** The curves as one SVG, each in a box of its own, both axes linear: a straight line is linear growth. */
export function drawGrowth(curves: readonly Curve[]): string {
  const [width, height, pad] = [360, 220, 46];
  const boxes = curves.map((curve, index) => {
    const left = (index % 2) * width;
    const top = Math.floor(index / 2) * height;
    const mostX = Math.max(...curve.points.map(({ x }) => x));
    const mostY = Math.max(...curve.points.map(({ cpuMs }) => cpuMs));
    const at = ({ x, cpuMs }: { x: number; cpuMs: number }): string =>
      `${(left + pad + (x / mostX) * (width - 2 * pad)).toFixed(1)},${(top + height - pad - (cpuMs / mostY) * (height - 2 * pad)).toFixed(1)}`;
    const dots = curve.points.map(
      point => `<circle cx="${at(point).split(',')[0]}" cy="${at(point).split(',')[1]}" r="3"/>`,
    );
    return `<text x="${left + pad}" y="${top + 22}">${curve.title}: CPU to ${(mostY / 1000).toFixed(2)} s</text>
<path d="M${left + pad} ${top + pad - 14}V${top + height - pad}H${left + width - pad}" class="axis"/>
<polyline points="${curve.points.map(at).join(' ')}"/>
${dots.join('\n')}
<text x="${left + pad}" y="${top + height - 18}">0 to ${mostX.toLocaleString('en')} ${curve.unit}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${Math.ceil(curves.length / 2) * height}" font-family="sans-serif" font-size="13">
<style>polyline,.axis{fill:none;stroke:#1f6feb;stroke-width:2}.axis{stroke:#999;stroke-width:1}circle{fill:#1f6feb}</style>
<rect width="100%" height="100%" fill="#fff"/>
${boxes.join('\n')}
</svg>
`;
}
