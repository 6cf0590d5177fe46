import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figure, measureBars } from './bars.ts';
import { type Curve, drawGrowth, measureGrowth } from './growth.ts';
import { machine } from './materials.ts';

/**
 * node test/bench/run.ts [--check] [--scale N] [--pairs N] [--no-growth]
 * Measures the bars and the growth curves and writes BENCH.md and docs/growth.svg; --check only measures the bars and
 * fails when one is passed. `--scale 0.1` measures on a tenth of the data.
 */
const { values: flags } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    pairs: { type: 'string', default: '5' },
    'no-growth': { type: 'boolean', default: false },
  },
});
const isCheck = flags.check;
const scale = Number(flags.scale);
const pairs = Number(flags.pairs);

const figures = await measureBars(scale, pairs);
const passed = figures.filter(({ value, bar }) => value <= bar).length;
const table = barTable(figures);
process.stdout.write(`${table}\n`);
if (!isCheck) {
  const curves = flags['no-growth'] ? [] : await measureGrowth(scale);
  if (curves.length > 0) writeFileSync('docs/growth.svg', drawGrowth(curves));
  writeFileSync('BENCH.md', page(table, curves));
}
process.stdout.write(`${passed} passed, ${figures.length - passed} failed\n`);
process.exitCode = isCheck && passed < figures.length ? 1 : 0;

function barTable(rows: readonly Figure[]): string {
  const lines = rows.map(
    ({ name, bar, value, spread, note }) =>
      `| ${name} | ${bar} | **${value.toFixed(2)}** | ${spread} | ${value <= bar ? 'yes' : '**no**'} | ${note} |`,
  );
  return [
    '| figure | bar | median | spread | within | measured |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function page(bars: string, curves: readonly Curve[]): string {
  const growth = curves.flatMap(({ title, unit, points }) => [
    `### ${title}`,
    '',
    `| ${unit} | CPU ms | peak RSS MB | CPU ms for each |`,
    '|---|---|---|---|',
    ...points.map(
      ({ x, cpuMs, rssMb }) =>
        `| ${x.toLocaleString('en')} | ${cpuMs.toFixed(0)} | ${rssMb.toFixed(0)} | ${x > 0 ? (cpuMs / x).toFixed(3) : ''} |`,
    ),
    '',
  ]);
  return `# Measured speed

Made by \`npm run bench\`${scale === 1 ? '' : ` -- --scale ${scale}`}; do not edit. Every figure is a ratio to a baseline in the same run, whole processes in
${pairs} alternating pairs, CPU is user and system of all threads. Where no other log is named it is the generator's
(\`test/log-generator.ts\`): documents of 2.5 KB, about 9:1 compressed, ${(scale * 1).toFixed(2)} GB decompressed, 0.7 % written by WmiPrvSE.exe.
The five logs are in \`test/bench/logs.ts\`. \`npm run bench -- --check\` fails when a bar
is passed; it never runs in CI. Machine: ${machine()}.

${bars}

${curves.length > 0 ? '## Growth\n\n![CPU against size, matches, rules and objects](docs/growth.svg)\n' : ''}
${growth.join('\n')}`;
}
