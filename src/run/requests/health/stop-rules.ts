import { faultRule } from '../../../core/api/fault-table.ts';
import type { FaultEvent, FaultRule } from '../../../core/api/fault-table.ts';
import { RunError } from '../../../core/outcome/run-error.ts';
import type { Clock } from '../../../flow/clock.ts';
import type { Failure } from '../../../gleantap/client.ts';

/** Decides which answers concern the whole run rather than their row. */
export interface StopRules {
  succeeded(): void;
  /**
   * Why the run ends with this failure; undefined when it continues.
   *
   * @param failure Its reason is masked: it becomes part of the error's message.
   * @param isLastAttempt Whether the request is not sent again.
   */
  errorAfter(failure: Failure, isLastAttempt: boolean): RunError | undefined;
}

/** The longest wait that a server may ask for, in milliseconds. */
const longestPause = 3_600_000;
const anotherUrl = 'If --base-url is wrong, import the file again with "run" and the right one.';
const checkUrl = `Continue with "resume" when the cause is fixed. ${anotherUrl}`;

/** @param clock Gives the wall time, for hints. */
export function createStopRules(clock: Clock, hadSuccess: boolean): StopRules {
  let isProven = hadSuccess;
  let latest: FaultEvent | undefined;
  let inARow = 0;

  const stop = (rule: FaultRule, failure: Failure, isLastAttempt: boolean): RunError | undefined => {
    const { event, retryAfterMs = 0 } = failure;
    const says = describe(failure, rule);
    if (rule.settingsAtFirst === true && !isProven) {
      const hint = hints[event] ?? `Check your network, then continue with "resume". ${anotherUrl}`;
      return new RunError('unreachable', `Nothing was sent: ${says}`, { hint });
    }
    if (rule.action === 'stop') {
      const code = rule.stop === 'unreachable' ? 'server_refuses' : (rule.stop ?? 'server_refuses');
      return new RunError(code, `Stopped: ${says}`, { hint: hints[event] ?? checkUrl });
    }
    if (rule.waitsAsTold === true && retryAfterMs > longestPause) {
      const hint = `Continue with "resume" ${whenText(clock.now() + retryAfterMs)}.`;
      return new RunError('try_later', `Gleantap asks for a wait of more than an hour: ${says}`, { hint });
    }
    if (rule.stop === undefined) return undefined;
    if (rule.stopAfter !== undefined && inARow >= rule.stopAfter) {
      const hint = 'Continue with "resume" when the cause is fixed.';
      return new RunError(rule.stop, `Stopped after ${inARow} answers in a row: ${says}`, { hint });
    }
    if (rule.stopAfter !== undefined || !isLastAttempt) return undefined;
    return new RunError(rule.stop, `Stopped: ${says}`, { hint: checkUrl });
  };

  return {
    succeeded() {
      isProven = true;
      latest = undefined;
      inARow = 0;
    },
    errorAfter(failure, isLastAttempt) {
      inARow = failure.event === latest ? inARow + 1 : 1;
      latest = failure.event;
      return stop(faultRule(failure.event), failure, isLastAttempt);
    },
  };
}

const hints: Partial<Record<FaultEvent, string>> = {
  proxy_refused: 'Check HTTPS_PROXY, and whether the proxy allows this host. Then continue with "resume".',
  status_407: 'Add a user and password to HTTPS_PROXY (http://user:password@proxy:3128), then continue with "resume".',
  status_401: 'Check GLEANTAP_API_KEY, GLEANTAP_SECRET_KEY and GLEANTAP_APP_ID, then continue with "resume".',
  status_403_first: 'Check the credentials, and whether this machine may call the API. Then continue with "resume".',
  redirect: `Import the file again with "run" and --base-url set to the address that responds. Redirects are never followed, because they would send keys and contacts elsewhere.`,
  status_404: `This host does not know the newContact call. ${anotherUrl}`,
};

/** What happened, with what the server said about it. */
export function describe({ status, reason }: Failure, rule: FaultRule): string {
  const text = reason === undefined || status === undefined ? '' : ` (${reason.slice(0, 200)})`;
  return `${rule.says}${text}`;
}

const latestDate = 8.64e15;

/** A moment, in words for a hint. */
export function whenText(at: number): string {
  if (at > latestDate) return 'when the API responds again';
  return `after ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
