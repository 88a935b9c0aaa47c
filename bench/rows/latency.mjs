import { importFile, withServer } from '../measure.mjs';

const latency = 100;

/** The send pass at 100 ms: its rows per second divided by concurrency / latency. */
export async function atLatency({ members }) {
  return withServer(latency, async (url) => {
    const lines = [];
    for (const concurrency of [20, 50, 100]) {
      const file = await members(concurrency * 100);
      const { summary } = await importFile(file, url, { args: ['-c', String(concurrency)], codes: [0, 1] });
      const efficiency = summary.traffic.perSecond / (concurrency / (latency / 1000));
      lines.push({
        what: `run at 100 ms, concurrency ${concurrency}: rows/s over concurrency / latency`,
        unit: '',
        median: efficiency,
        ...(concurrency === 50 ? { least: 0.95 } : {}),
      });
    }
    return lines;
  });
}
