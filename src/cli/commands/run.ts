import { importFile } from '../../run/import.ts';
import { isLoopback } from '../../gleantap/origin.ts';
import { isInteractive } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareImport } from '../prepare-import.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

export const run: Command<{ csv: string }> = async ({ csv, flags }, io: Io) => {
  const { setup, values, time } = await prepareImport(csv, flags, io);
  // A person who looks at the plan wants to know what it changes; on this machine there is nothing to be careful about.
  const isOffered = values.compare === undefined && isInteractive(io) && !isLoopback(setup.origin.origin);
  const comparing = setup.comparing ?? (isOffered ? 'offered' : undefined);
  return inSession(io, values, time, async (ports) => importFile({ ...setup, comparing }, ports));
};
