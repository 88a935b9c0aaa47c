/** The process as commands see it. Only this folder touches the real one. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Whether somebody sits there who can be asked. */
export function isInteractive({ stdin, stderr }: Io): boolean {
  return stdin.isTTY && stderr.isTTY;
}

export function printLine(stream: NodeJS.WriteStream, text = ''): void {
  stream.write(`${text}\n`);
}
