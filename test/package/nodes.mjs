// `npm run test:nodes`: the built command line on every Node that it claims to run on, in odd places. One line each.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { oddPlaces, smoke } from './smoke.mjs';

const cli = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const say = (line) => process.stdout.write(`${line}\n`);

/** The program of a version, by npm; undefined where it can't be had. */
function nodeOf(version) {
  try {
    const words = ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath'];
    return execFileSync('npx', words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 300_000,
    }).trim();
  } catch {
    return undefined;
  }
}

for (const version of ['20.19', '20', '22', '24', '26']) {
  const node = nodeOf(version);
  if (node === undefined) {
    say(`Node ${version}: skipped, npm can't get it here`);
    continue;
  }
  const exact = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  for (const place of oddPlaces) {
    try {
      await smoke([node, cli], place);
      say(`Node ${exact}, ${place.LC_ALL}, ${place.TZ}: version, init, check, run, resume: ok`);
    } catch (error) {
      process.exitCode = 1;
      say(`Node ${exact}, ${place.LC_ALL}, ${place.TZ}: FAILED\n${error.message}`);
    }
  }
}
