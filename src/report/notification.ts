import path from 'node:path';
import { exitCodeOf, exitCodes } from '../core/outcome/exit-codes.ts';
import { visible } from '../core/reports/visible.ts';
import { openJobs } from './night.ts';
import type { JobSummary, Summary } from './summary.ts';

/**
 * What --notify sends, as JSON. It leaves this machine, so it holds less than the summary: no text of the file (an export without a
 * header has people in the place of column names), and no path but those in the next command.
 */
export function notificationText(summary: Summary | JobSummary): string {
  const jobs = 'jobs' in summary ? summary.jobs : [];
  const lines = [
    `${summary.simulator ? 'Simulator, nothing reached Gleantap. ' : ''}${headline(summary)}`,
    ...openJobs(jobs).map(headline),
    ...(summary.next === undefined ? [] : [`Next: ${summary.next}`]),
  ];
  const message = {
    version: 1,
    // Slack and its like would read `<...>` as a link or as a call to everyone.
    text: lines.join('\n').replaceAll('<', '‹').replaceAll('>', '›'),
    ...membersOf(summary),
    ...(jobs.length === 0 ? {} : { jobs: jobs.map(membersOf) }),
  };
  return visible(JSON.stringify(message));
}

function headline(summary: Summary | JobSummary): string {
  const who = 'name' in summary ? [summary.name] : ['gleantap-import', folderOf(summary) ?? []].flat();
  return `${who.join(' ')}: exit ${summary.exitCode}. ${sentenceOf(summary)}`;
}

function membersOf(summary: Summary | JobSummary) {
  const { kind, exitCode, next, simulator } = summary;
  return {
    kind,
    ...('name' in summary ? { job: summary.name } : {}),
    exitCode,
    sentence: sentenceOf(summary),
    error: codeOf(summary),
    next,
    folder: folderOf(summary),
    counts: 'counts' in summary ? summary.counts : undefined,
    simulator,
  };
}

/** Its name alone: it tells which file and when. */
function folderOf({ out }: { readonly out?: string }): string | undefined {
  return out === undefined ? undefined : path.basename(out);
}

function codeOf(summary: Summary): string | undefined {
  return 'error' in summary ? summary.error?.code : undefined;
}

/** Without what a sentence quotes from the file. */
function sentenceOf(summary: Summary): string {
  const { sentence } = summary;
  switch (codeOf(summary)) {
    case 'bug':
      return `This is ${exitCodes[exitCodeOf('bug')]}.`;
    case 'mapping':
      // The mistakes follow, one a line. They name columns of the file.
      return sentence.replace(/:?\n.*/s, '');
    case 'input':
    case 'held':
      return withoutQuotes(sentence);
    default:
      return sentence;
  }
}

/** What is quoted may have quotes in it: if that leaves one over, all between the first and the last goes. */
function withoutQuotes(text: string): string {
  const shown = text.replaceAll(/(?<=^|[\s(])".*?"(?=[\s,;:.)]|$)/gs, '…');
  return shown.includes('"') ? text.replace(/".*"/s, '…') : shown;
}
