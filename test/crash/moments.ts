import { watch } from 'node:fs';

/** Resolves when something happens to a file of a folder, or the process is gone. */
export async function appears(folder: string, isWanted: (name: string) => boolean, gone: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (name !== null && isWanted(name)) done();
    });
    const done = (): void => {
      watcher.close();
      resolve();
    };
    gone.addEventListener('abort', done, { once: true });
    if (gone.aborted) done();
  });
}
