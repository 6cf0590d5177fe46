import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one whole process cost, from its start to its exit: CPU is user and system of all threads. */
export type Cost = { readonly cpuMs: number; readonly wallMs: number; readonly rssMb: number };

export type Program = {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
};

const PRELOAD = new URL('./preload.mjs', import.meta.url).href;

/** Runs a Node program as a process of its own, its output thrown away. Fails when the status is not among `allowed`. */
export async function measure({ name, args, env }: Program, allowed: readonly number[] = [0]): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'cost.json');
  const child = spawn(process.execPath, ['--import', PRELOAD, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(tmpdir(), 'bench-compile-cache'),
      ...env,
      BENCH_COST: file,
    },
  });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-2000);
  });
  const status = await new Promise<number | null>(resolve => child.on('close', resolve));
  if (status === null || !allowed.includes(status))
    throw new Error(`${name} ended with ${status}: ${complaint}`);
  const cost = JSON.parse(readFileSync(file, 'utf8')) as Cost;
  rmSync(folder, { recursive: true });
  return cost;
}

export type Ratio = { readonly median: number; readonly least: number; readonly most: number };
export type Pair = { readonly cpu: Ratio; readonly wall: Ratio; readonly ours: Cost; readonly base: Cost };

/** Runs two programs in alternating pairs and gives the ratio of each pair's costs: noise hits both alike. */
export async function comparePairs(
  ours: Program,
  base: Program,
  pairs: number,
  allowed?: readonly number[],
): Promise<Pair> {
  const rows: { ours: Cost; base: Cost }[] = [];
  for (let turn = 0; turn < pairs; turn++) {
    const first = turn % 2 === 0 ? await measure(ours, allowed) : null;
    const cost = await measure(base, allowed);
    rows.push({ ours: first ?? (await measure(ours, allowed)), base: cost });
  }
  return {
    cpu: ratio(rows.map(row => row.ours.cpuMs / row.base.cpuMs)),
    wall: ratio(rows.map(row => row.ours.wallMs / row.base.wallMs)),
    ours: middle(rows.map(row => row.ours)),
    base: middle(rows.map(row => row.base)),
  };
}

function ratio(values: readonly number[]): Ratio {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, least: sorted[0]!, most: sorted.at(-1)! };
}

function middle(costs: readonly Cost[]): Cost {
  const of = (pick: (cost: Cost) => number): number => ratio(costs.map(pick)).median;
  return { cpuMs: of(cost => cost.cpuMs), wallMs: of(cost => cost.wallMs), rssMb: of(cost => cost.rssMb) };
}
