import type { Settings } from '../config/settings.ts';
import type { Clock } from '../flow/clock.ts';
import type { RunFile } from '../run/model.ts';
import type { ResumeSetup } from '../run/setup.ts';
import { deadlineOf } from './deadline.ts';

/** The options of a resumed run: its own pace, unless this time something else was said. A deadline is for one time only. */
export function resumedOptions({ values, sources }: Settings, { pace }: RunFile, clock: Clock): ResumeSetup['options'] {
  const told = Object.entries(pace).map(([name, kept]) => {
    const option = name as keyof RunFile['pace'];
    return [option, sources[option] === 'default' ? kept : values[option]];
  });
  return {
    ...values,
    ...(Object.fromEntries(told) as RunFile['pace']),
    deadline: deadlineOf(values.deadline, clock),
  };
}
