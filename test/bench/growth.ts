import { EVENTS_PER_GB, log, longValues, rules, smallObjects } from './materials.ts';
import { measure } from './measure.ts';

/** One curve: what a scan costs as one thing grows. */
export type Curve = {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly { readonly x: number; readonly cpuMs: number; readonly rssMb: number }[];
};

const CLI = 'dist/cli.mjs';

type Point = Curve['points'][number];

async function point(x: number, args: readonly string[], format = 'json'): Promise<Point> {
  const { cpuMs, rssMb } = await measure({
    name: `growth ${x}`,
    args: [CLI, 'scan', '--format', format, ...args],
  });
  return { x, cpuMs, rssMb };
}

async function curve(
  title: string,
  unit: string,
  sizes: readonly number[],
  measured: (x: number) => Promise<Point>,
): Promise<Curve> {
  const points: Point[] = [];
  for (const size of sizes) points.push(await measured(size));
  return { title, unit, points };
}

/** Measures every curve; `scale` 1 goes to the full sizes. */
export async function measureGrowth(scale: number): Promise<Curve[]> {
  const upTo = (sizes: readonly number[]): number[] =>
    sizes.map(size => Math.max(1, Math.round(size * scale)));
  const perMb = EVENTS_PER_GB / 1000;
  const ofSize = (mb: number): Promise<string> => log(`size-${mb}.ndjson.gz`, mb * perMb);
  return [
    await curve('size of the object', 'MB decompressed', upTo([10, 100, 1000, 4000]), async mb =>
      point(mb, [await ofSize(mb)]),
    ),
    await curve('matches', 'matches', [0, ...upTo([10_000, 100_000, 1_000_000])], async count =>
      point(count, [await log(`matches-${count}.ndjson.gz`, Math.max(count, 1000), count)], 'summary'),
    ),
    await curve('rules', 'rules, each with another literal', [1, 10, 100, 640], async count =>
      point(count, ['--rules', rules(count), await ofSize(upTo([100])[0]!)]),
    ),
    await curve('objects of 50 KB', 'objects', upTo([1, 100, 1000, 10_000]), async count =>
      point(count, await smallObjects(count)),
    ),
    await curve(
      'length of a value',
      'bytes, in each of 100 matches',
      [1024, 32_768, 262_144, 1_048_576],
      async length => point(length, [await longValues(length, 100)]),
    ),
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
