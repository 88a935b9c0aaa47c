import { importFile, withServer } from '../measure.mjs';

/** How well `--rate` is kept: requests in ten seconds, and the worst window of one second as the server saw it. */
export async function rate({ members }) {
  return withServer(0, async (url, stats) => {
    const lines = [];
    for (const perSecond of [10, 50, 500]) {
      const file = await members(perSecond * 10 + 1);
      await stats();
      await importFile(file, url, { args: ['-c', '32', '--rate', String(perSecond)], codes: [0, 1] });
      const { arrivals } = await stats();
      const seconds = (arrivals.at(-1) - arrivals[0]) / 1000;
      lines.push(
        { what: `--rate ${perSecond}: achieved / asked`, unit: '', median: (arrivals.length - 1) / seconds / perSecond, ...(perSecond === 50 ? { least: 0.99, most: 1.01 } : {}) }, // prettier-ignore
        { what: `--rate ${perSecond}: most in any second`, unit: '', median: fullestSecond(arrivals), ...(perSecond === 50 ? { most: 51 } : {}) }, // prettier-ignore
      );
    }
    return lines;
  });
}

function fullestSecond(arrivals) {
  let from = 0;
  let most = 0;
  arrivals.forEach((at, to) => {
    while (at - arrivals[from] >= 1000) from += 1;
    most = Math.max(most, to - from + 1);
  });
  return most;
}
