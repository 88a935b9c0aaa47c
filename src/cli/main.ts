#!/usr/bin/env node
import { runApp } from './app.ts';

// A reader of our output that went away (`| head`) must not stop an import.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
// Files are private whatever the umask of the shell.
process.umask(0o077);

process.exitCode = await runApp(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  cwd: process.cwd(),
});
