import { importFile } from '../../run/import.ts';
import type { Io } from '../io.ts';
import { prepareImport } from '../prepare-import.ts';
import { inSession } from '../session.ts';
import type { Command } from './command.ts';

export const run: Command<{ csv: string }> = async ({ csv, flags }, io: Io) => {
  const { setup, values, time } = await prepareImport(csv, flags, io);
  return inSession(io, values, time, async (ports) => importFile(setup, ports));
};
