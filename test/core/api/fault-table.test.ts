import { describe, expect, it } from 'vitest';
import { eventOfStatus, faultRule, faultTable } from '../../../src/core/api/fault-table.ts';
import type { FaultEvent, FaultRule } from '../../../src/core/api/fault-table.ts';

/** The letters in the fault matrix: Retry, retry later (send Again), Fail, Unknown, Stop. */
const letters: Record<FaultRule['action'], string> = {
  retry: 'R',
  retryLater: 'A',
  fail: 'F',
  unknown: 'U',
  stop: 'S',
};

const plain = { retryAfter: false, hadSuccess: false };
const told = { ...plain, retryAfter: true };
const later = { ...plain, hadSuccess: true };

/** Section 2 of the fault matrix, by status. */
const byStatus: [number | readonly [number, number], typeof plain, string, Partial<FaultRule>][] = [
  [[300, 308], plain, 'S', { stop: 'server_refuses' }],
  [[309, 399], plain, 'S', {}],
  [400, plain, 'F', { refusal: true, code: 'refused' }],
  [401, later, 'S', { stop: 'credentials_refused' }],
  [403, plain, 'S', { stop: 'credentials_refused' }],
  [403, later, 'F', { stop: 'server_refuses', stopAfter: 5 }],
  [404, later, 'S', {}],
  [405, later, 'S', {}],
  [406, later, 'S', {}],
  [407, later, 'S', {}],
  [408, plain, 'R', { counts: true, serverFault: false }],
  [409, plain, 'R', { attempts: 3, spent: 'failed', code: 'conflict' }],
  [410, later, 'S', {}],
  [411, later, 'S', {}],
  [413, plain, 'F', { code: 'row_too_large' }],
  [414, plain, 'F', { code: 'row_too_large' }],
  [415, later, 'S', {}],
  [421, plain, 'R', { attempts: 2, stop: 'server_refuses', onFreshSocket: true }],
  [422, plain, 'F', { refusal: true }],
  [423, plain, 'R', { spent: 'failed' }],
  [424, plain, 'R', { spent: 'failed' }],
  [425, plain, 'R', {}],
  [426, later, 'S', {}],
  [429, plain, 'R', { counts: false, serverFault: false, stop: 'try_later', stopAfter: 51 }],
  [431, later, 'S', {}],
  [402, plain, 'F', { stop: 'server_refuses', stopAfter: 20 }],
  [451, plain, 'F', { stop: 'server_refuses', stopAfter: 20 }],
  [499, plain, 'F', { stop: 'server_refuses', stopAfter: 20 }],
  [500, plain, 'A', { spent: 'unknown', code: 'fate_unknown', serverFault: true }],
  [501, later, 'S', {}],
  [502, told, 'A', { spent: 'unknown', serverFault: true }],
  [503, plain, 'A', { spent: 'unknown', serverFault: true }],
  [503, told, 'R', { serverFault: false, waitsAsTold: true }],
  [504, plain, 'A', {}],
  [505, later, 'S', {}],
  [520, plain, 'A', { serverFault: true }],
  [521, plain, 'R', { counts: false, serverFault: true }],
  [522, plain, 'A', {}],
  [523, plain, 'R', { counts: false, serverFault: true }],
  [[524, 530], plain, 'A', {}],
  [599, plain, 'A', {}],
  [[100, 199], plain, 'A', {}],
];

it.each(byStatus)('%j, %j: %s %j', (statuses, facts, letter, rule) => {
  const [first, last] = typeof statuses === 'number' ? [statuses, statuses] : statuses;
  for (let status = first; status <= last; status += 1) {
    const found = faultRule(eventOfStatus(status, facts));
    expect([status, letters[found.action]]).toEqual([status, letter]);
    expect(found).toMatchObject(rule);
  }
});

/** Section 2 of the fault matrix, where there is no status or one of 2xx. */
const byEvent: [FaultEvent, string, Partial<FaultRule>][] = [
  ['connect_refused', 'R', { counts: false, serverFault: true }],
  ['network_unreachable', 'R', { counts: false, serverFault: true }],
  ['connect_timeout', 'R', { counts: false, serverFault: true }],
  ['dns_failed', 'R', { counts: false, serverFault: true }],
  ['proxy_refused', 'R', { counts: false, serverFault: true, settingsAtFirst: true, stop: 'unreachable' }],
  ['host_not_found', 'R', { counts: false, serverFault: true, settingsAtFirst: true, stop: 'unreachable' }],
  ['tls_failed', 'S', { counts: false, settingsAtFirst: true, stop: 'unreachable' }],
  ['too_many_files', 'R', { counts: false, serverFault: false }],
  ['reset_fresh', 'A', { serverFault: true }],
  ['reset_idle', 'R', { atOnce: true, onFreshSocket: true, counts: true, serverFault: false, spent: 'unknown' }],
  ['write_broken', 'A', { serverFault: true }],
  ['answer_timeout', 'A', { serverFault: true }],
  ['body_timeout', 'A', { serverFault: true }],
  ['truncated', 'A', {}],
  ['protocol_error', 'A', { onFreshSocket: true }],
  ['headers_too_large', 'A', { stop: 'server_refuses', stopAfter: 3 }],
  ['bad_encoding', 'A', {}],
  ['ok_empty', 'A', {}],
  ['ok_not_json', 'A', { attempts: 2, stop: 'server_refuses', stopAfter: 5 }],
  ['ok_unreadable', 'A', {}],
  ['ok_status_error', 'F', { refusal: true }],
  ['ok_without_id', 'U', { code: 'accepted_without_id' }],
  ['ok_other_shape', 'U', {}],
  ['ok_too_large', 'U', {}],
  ['list_missing', 'A', { serverFault: true }],
];

it.each(byEvent)('%s: %s %j', (event, letter, rule) => {
  const found = faultRule(event);
  expect(letters[found.action]).toBe(letter);
  expect(found).toMatchObject(rule);
});

describe('the whole table', () => {
  const rules = Object.entries<FaultRule>(faultTable);

  it('is covered by this test', () => {
    const covered = new Set(byEvent.map(([event]) => event));
    for (let status = 100; status < 600; status += 1)
      for (const facts of [plain, told, later])
        if (status < 200 || status > 299) covered.add(eventOfStatus(status, facts));
    expect([...covered].toSorted()).toEqual(rules.map(([event]) => event).toSorted());
  });

  it('never marks a row as failed that the server may have accepted', () => {
    for (const [event, { action, spent, code }] of rules) {
      if (action === 'retryLater') expect([event, spent, code]).toEqual([event, 'unknown', 'fate_unknown']);
      if (action === 'unknown') expect([event, spent]).toEqual([event, 'unknown']);
      if (action === 'fail') expect([event, spent]).toEqual([event, 'failed']);
    }
  });

  it('counts every attempt that may have had an effect', () => {
    for (const [event, { action, counts }] of rules)
      if (action === 'retryLater') expect([event, counts]).toEqual([event, true]);
  });

  it('shows why it stops', () => {
    for (const [event, { action, stop, stopAfter }] of rules) {
      if (action === 'stop' || stopAfter !== undefined) expect([event, stop]).not.toEqual([event, undefined]);
    }
  });
});
