/** The process as commands see it. Only this folder touches the real one. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
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
  return Object.create(stream, { write: { value: write }, isTTY: { value: false } }) as NodeJS.WriteStream;
}
