import { visible } from '../core/reports/visible.ts';
import { colored } from './text/screen.ts';

/** What the command line uses of the process that it runs in. */
export interface ProcessIo {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The process as commands see it. Only this folder touches the real one. What is written to `stdout` and `stderr` is made
 * visible, so that no text of a file or server controls the terminal. Only then painted text gets its colors.
 */
export interface Io extends ProcessIo {
  /** The real stderr, for bars and prompts, which move the cursor. */
  readonly terminal: NodeJS.WriteStream;
}

export function guarded(real: ProcessIo): Io {
  return { ...real, stdout: guardedStream(real.stdout), stderr: guardedStream(real.stderr), terminal: real.stderr };
}

export function guardedStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return withWrite(stream, (text) => stream.write(forTerminal(text)));
}

/** What a terminal gets of a text: nothing hidden, and the colors that we painted. */
export function forTerminal(text: string): string {
  return colored(visible(text));
}

function withWrite(
  stream: NodeJS.WriteStream,
  write: (text: string) => boolean,
  properties: PropertyDescriptorMap = {},
): NodeJS.WriteStream {
  return Object.create(stream, { write: { value: write }, ...properties }) as NodeJS.WriteStream;
}

/** Whether a person is at the terminal to answer questions. */
export function isInteractive({ stdin, stderr }: Io): boolean {
  return stdin.isTTY && stderr.isTTY;
}

export function printLine(stream: NodeJS.WriteStream, text = ''): void {
  stream.write(`${text}\n`);
}

/** The same process for one of several jobs: every line of its output names the job, and it can't ask questions. */
export function labelled(io: Io, label: string): Io {
  return { ...io, stdout: labelledStream(io.stdout, label), stderr: labelledStream(io.stderr, label) };
}

/** @param stream Commands print whole lines at a time, so that the lines of several jobs do not mix. */
function labelledStream(stream: NodeJS.WriteStream, label: string): NodeJS.WriteStream {
  const write = (text: string): boolean =>
    // A log line in JSON stays JSON.
    stream.write(
      text.startsWith('{')
        ? `{"job":${JSON.stringify(label)},${text.slice(1)}`
        : text.replaceAll(/^(?=.)/gm, `[${label}] `),
    );
  // Undefined outside a terminal.
  const { columns } = stream as { readonly columns: number | undefined };
  const left = columns === undefined ? undefined : Math.max(1, columns - `[${label}] `.length);
  return withWrite(stream, write, { isTTY: { value: false }, columns: { value: left } });
}
