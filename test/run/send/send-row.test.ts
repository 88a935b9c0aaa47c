import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../src/core/api/contact.ts';
import type { RequestResult, RequestRunner } from '../../../src/run/requests/request-runner.ts';
import { createSendRow } from '../../../src/run/send/send-row.ts';
import { stage, success } from '../requests/stage.ts';

type Result = RequestResult<string>;
const succeeded: Result = { kind: 'succeeded', value: 'an-id', attempts: 1, status: 200 };
const ended = (kind: 'failed' | 'unknown'): Result => ({
  kind,
  code: kind === 'failed' ? 'refused' : 'fate_unknown',
  attempts: 2,
  status: 400,
  detail: 'no',
  isRefusal: kind === 'failed',
});
const [first, second]: Contact[] = [
  { user_id: '1', tags: 'old', tag_action: 'remove' },
  { user_id: '1', tags: 'new', tag_action: 'add' },
];

/** Sends a row whose requests end as listed. */
async function send(results: readonly Result[], contacts: readonly (Contact | undefined)[], applied = 0) {
  const sent: (Contact | undefined)[] = [];
  const told: number[] = [];
  let nth = 0;
  const run: RequestRunner['run'] = async <T>(spec: Parameters<typeof runner.run<T>>[0]) => {
    await spec.send(new AbortController().signal, { onFreshSocket: false });
    nth += 1;
    return (results[nth - 1] ?? succeeded) as RequestResult<T>;
  };
  const { runner: real } = stage();
  const runner: RequestRunner = { ...real, run };
  const sendRow = createSendRow(runner, {
    newContact: async (contact) => {
      sent.push(contact);
      return Promise.resolve(success);
    },
  });
  const request = { row: 7, contacts: contacts.map((contact) => contact ?? {}), applied };
  const result = await sendRow({ ...request, onApplied: (attempts) => told.push(attempts) });
  return { result, sent, told };
}

it('a row with one request ends like its request', async () => {
  for (const result of [succeeded, ended('failed'), ended('unknown')])
    expect(await send([result], [first])).toEqual({ result, sent: [first], told: [] });
});

describe('a row with two requests', () => {
  it('sends them in order and reports the first success, then the last result', async () => {
    const { result, sent, told } = await send([{ ...succeeded, attempts: 3 }, succeeded], [first, second]);
    expect(sent).toEqual([first, second]);
    expect(told).toEqual([3]);
    expect(result).toEqual({ ...succeeded, attempts: 4 });
  });

  it('does not send the second when the first failed', async () => {
    const { result, sent, told } = await send([ended('failed')], [first, second]);
    expect(sent).toEqual([first]);
    expect(told).toEqual([]);
    expect(result).toMatchObject({ kind: 'failed', code: 'refused', isRefusal: true });
  });

  it.each(['failed', 'unknown'] as const)(
    'is partly applied when the second %s, which is not a refusal',
    async (kind) => {
      const { result } = await send([succeeded, ended(kind)], [first, second]);
      expect(result).toMatchObject({ kind, code: 'partly_applied', attempts: 3, isRefusal: false });
    },
  );

  it('sends only the second when an earlier part of the run applied the first', async () => {
    const { result, sent } = await send([succeeded], [first, second], 1);
    expect(sent).toEqual([second]);
    expect(result).toEqual(succeeded);
  });

  it('stays partly applied when the second fails after a resume', async () => {
    const { result } = await send([ended('failed')], [first, second], 1);
    expect(result).toMatchObject({ kind: 'failed', code: 'partly_applied' });
  });

  it('stops between the two', async () => {
    const { result, told } = await send([succeeded, { kind: 'stopped' }], [first, second]);
    expect(result).toEqual({ kind: 'stopped' });
    expect(told).toEqual([1]);
  });
});
