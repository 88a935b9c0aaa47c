#!/usr/bin/env node
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { printError } from './errors.ts';
import { guardedStream } from './io.ts';
import { packageVersion } from '../gleantap/version.ts';

// A reader of our output that went away (`| head`), or a full disk under it, must not stop an import. Only a result that is
// lost otherwise than by its reader's choice shows in the exit code.
let isResultLost = false;
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  isResultLost ||= error.code !== 'EPIPE';
});
process.on('exit', (code) => {
  if (isResultLost && code < 2) process.exitCode = exitCodeOf('not_writable');
});
process.on('uncaughtException', (error) => {
  process.exit(printError({ stderr: guardedStream(process.stderr), environment: process.env }, error));
});
// Files are private whatever the umask of the shell.
process.umask(0o077);

const argv = process.argv.slice(2);
const [first] = argv;
if (first === '--version' || first === '-V') {
  // Scripts ask for it often; the parser of the command line takes longer to load than everything else.
  process.stdout.write(`${packageVersion()}\n`);
} else {
  const { runApp } = await import('./app.ts');
  process.exitCode = await runApp(argv, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
  });
}
