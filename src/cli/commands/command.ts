import type { Summary } from '../../report/summary.ts';
import type { Io } from '../io.ts';

/** What was typed: a command's own arguments, and the flags by option name. */
export type Typed<Arguments> = Arguments & { readonly flags: Readonly<Record<string, unknown>> };

/** A command that ends with an exit code of its own, having printed what it has to say. */
export type PlainCommand<Arguments> = (typed: Typed<Arguments>, io: Io) => Promise<number>;

/** A command that ends with a summary, which its caller prints. */
export type Command<Arguments> = (typed: Typed<Arguments>, io: Io) => Promise<Summary>;
