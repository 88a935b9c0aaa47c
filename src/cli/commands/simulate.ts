import { createSimulator, FAULTS, parseFaults } from '../../simulator/index.ts';
import type { Simulator, SimulatorOptions } from '../../simulator/index.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { plainScreen } from '../text/screen.ts';
import { table } from '../text/words.ts';

/** What `simulate` takes; it has no part in settings of imports. */
export interface SimulateArguments {
  readonly port: number | undefined;
  readonly latency: number | undefined;
  readonly jitter: number | undefined;
  readonly rateLimit: number | undefined;
  readonly pageCap: number | undefined;
  readonly churn: number | undefined;
  readonly seed: number | undefined;
  readonly faults: string | undefined;
  readonly faultTimes: number | undefined;
}

/** Runs until Ctrl-C. The first line on stdout is the address, for scripts. */
export async function simulate(typed: SimulateArguments, io: Io): Promise<number> {
  const { port, latency, jitter, rateLimit, pageCap, churn, seed, faults, faultTimes } = typed;
  const simulator = await startSimulator({
    port,
    latencyMs: latency,
    latencyJitterMs: jitter,
    rateLimit,
    pageCap,
    churn,
    seed,
    faultTimes,
    faults,
  });
  printLine(io.stdout, simulator.url);
  printLine(
    io.stderr,
    'Simulator of the Gleantap API. It accepts any non-empty credentials, and nothing reaches Gleantap.',
  );
  printLine(
    io.stderr,
    `Use it with --base-url ${simulator.url}. See the results at ${simulator.url}/_simulator/contacts and ${simulator.url}/_simulator/stats. Press Ctrl-C to stop.`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await simulator.close();
  return 0;
}

async function startSimulator({
  faults,
  ...options
}: Omit<SimulatorOptions, 'faults'> & { readonly faults: string | undefined }): Promise<Simulator> {
  try {
    return await createSimulator({ ...options, faults: faults === undefined ? undefined : parseFaults(faults) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new RunError('usage', `Port ${options.port} is in use`, { hint: 'Choose another one with --port.' });
    throw new RunError('usage', message, { hint: '"gleantap-import simulate --help" lists options and faults.' });
  }
}

/** The faults for help. */
export function faultLines(): string {
  return table(
    Object.entries(FAULTS).map(([name, { description }]) => [name, description]),
    plainScreen,
  ).join('\n');
}
