import { maskReason } from '../../core/api/answer.ts';
import type { FaultEvent, FaultRule } from '../../core/api/fault-table.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { RunErrorCode } from '../../core/outcome/run-error.ts';
import type { Clock } from '../../flow/clock.ts';
import type { Failure } from '../../gleantap/client.ts';
import type { Stop } from '../events.ts';

/** Judges which answers are a matter of the whole run rather than of their row. */
export interface StopRules {
  /** Tells how a request ended. */
  note(failure: Failure | undefined): void;
  /** Whether this failure ends the run; then the run has been told to stop. */
  ends(failure: Failure, rule: FaultRule, isSpent: boolean): boolean;
  /** Answers of the latest kind, in a row. */
  readonly inARow: number;
}

/** The longest that a server may ask us to wait, in milliseconds. */
const longestPause = 3_600_000;
const goOn = 'Look at --base-url; "resume" goes on.';

/** @param hadSuccess Whether this run, or the part of it before a resume, has had a success. */
export function createStopRules(clock: Clock, stop: Stop, { hadSuccess }: { readonly hadSuccess: boolean }): StopRules {
  let isProven = hadSuccess;
  let latest: FaultEvent | undefined;
  let inARow = 0;

  const reasonToStop = (failure: Failure, rule: FaultRule, isSpent: boolean): RunError | undefined => {
    const { event, retryAfterMs = 0 } = failure;
    const says = describe(failure, rule);
    const because = (code: RunErrorCode, message: string, hint: string): RunError =>
      new RunError(code, message, { hint });
    if (rule.settingsAtFirst === true && !isProven)
      return because(
        'unreachable',
        `Nothing was sent: ${says}`,
        hints[event] ?? 'Look at --base-url and at the network.',
      );
    if (rule.action === 'stop') {
      const code = rule.stop === 'unreachable' ? 'server_refuses' : (rule.stop ?? 'server_refuses');
      return because(code, `Stopped: ${says}`, hints[event] ?? goOn);
    }
    if (rule.waitsAsTold === true && retryAfterMs > longestPause) {
      const hint = `Type the resume command ${whenText(clock.now() + retryAfterMs)}.`;
      return because('try_later', `Gleantap asks to wait for more than an hour: ${says}`, hint);
    }
    if (rule.stop === undefined) return undefined;
    if (rule.stopAfter !== undefined && inARow >= rule.stopAfter) {
      const hint = '"resume" goes on when the cause is gone.';
      return because(rule.stop, `Stopped after ${inARow} answers in a row: ${says}`, hint);
    }
    return rule.stopAfter === undefined && isSpent ? because(rule.stop, `Stopped: ${says}`, goOn) : undefined;
  };

  return {
    note(failure) {
      inARow = failure !== undefined && failure.event === latest ? inARow + 1 : 1;
      latest = failure?.event;
      isProven ||= failure === undefined;
    },
    ends(failure, rule, isSpent) {
      const error = reasonToStop(failure, rule, isSpent);
      if (error !== undefined) stop.request({ kind: 'error', error });
      return error !== undefined;
    },
    get inARow() {
      return inARow;
    },
  };
}

const hints: Partial<Record<FaultEvent, string>> = {
  proxy_refused: 'Look at HTTPS_PROXY, and whether that proxy lets this host through.',
  status_407: 'Name user and password in HTTPS_PROXY (http://user:password@proxy:3128); "resume" goes on.',
  status_401: 'Check GLEANTAP_API_KEY, GLEANTAP_SECRET_KEY and GLEANTAP_APP_ID; "resume" goes on.',
  status_403_first: 'Check the credentials and whether this machine may call the API; "resume" goes on.',
  redirect:
    'Set --base-url to the address that answers; redirects are never followed, since they would hand over keys and contacts.',
  status_404: 'Check --base-url: this host does not know the newContact call.',
};

function describe({ status, reason }: Failure, rule: FaultRule): string {
  const text = reason === undefined || status === undefined ? '' : ` (${maskReason(reason, []).slice(0, 200)})`;
  return `${rule.says}${text}`;
}

const lastMoment = 8.64e15;

/** A moment, in words for a hint. */
function whenText(at: number): string {
  if (at > lastMoment) return 'when the API answers again';
  return `after ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
