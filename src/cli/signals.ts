import { exitCodeOfSignal } from '../core/outcome/exit-codes.ts';
import type { Stop } from '../run/events.ts';

/** Milliseconds that an end in a hurry may take; after them the process just goes, which loses nothing (promise P2). */
const patience = 800;

/** Stops at the first signal, in a hurry at the second. Returns what ends the listening. */
export function hearSignals(stop: Stop): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      stop.endNow();
      setTimeout(() => process.exit(exitCodeOfSignal(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM')), patience).unref();
    }
    stop.request({ kind: 'signal', signal: signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM' });
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
