// Loaded into a measured Node process: at its end it writes CPU time and peak memory to the file in BENCH_PROBE.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024 };
  writeFileSync(process.env.BENCH_PROBE, JSON.stringify(usage));
});
