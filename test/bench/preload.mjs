// Loaded into a measured process by --import: on exit it writes what the process cost to the file that BENCH_COST names.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cost = { cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMb: maxRSS / 1024, wallMs: performance.now() };
  writeFileSync(process.env.BENCH_COST, JSON.stringify(cost));
});
