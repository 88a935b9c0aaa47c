import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer, readReason } from '../../../src/core/api/answer.ts';

const eventOf = (body: string): string => {
  const answer = readAnswer(body);
  return answer.kind === 'success' ? `success ${answer.id}` : answer.event;
};

describe('an answer of 2xx', () => {
  it.each([
    ['{"status":"success","_id":"a1"}', 'success a1'],
    ['\uFEFF {"status":"success","_id":"a1"}\r\n', 'success a1'],
    ['{"status":"success","_id":"a1","__proto__":{"_id":"b"},"extra":[1]}', 'success a1'],
    ['{"status":"error","status":"success","_id":"a1"}', 'success a1'],
    [`{"status":"success","_id":"=1+1\\n${'x'.repeat(249)}"}`, `success =1+1\n${'x'.repeat(249)}`],
    [`{"status":"success","_id":"${'x'.repeat(257)}"}`, 'ok_without_id'],
    ['{"status":"success"}', 'ok_without_id'],
    ['{"status":"success","_id":""}', 'ok_without_id'],
    ['{"status":"success","_id":" \\t"}', 'ok_without_id'],
    ['{"status":"success","_id":7}', 'ok_without_id'],
    ['{"status":"success","_id":null}', 'ok_without_id'],
    ['{"status":"success","_id":{"$oid":"a"}}', 'ok_without_id'],
    ['{"status":"success","id":"a1"}', 'ok_without_id'],
    ['{"__proto__":{"status":"success","_id":"a1"}}', 'ok_other_shape'],
    ['{"status":true,"_id":"a1"}', 'ok_other_shape'],
    ['{"result":"success"}', 'ok_other_shape'],
    ['{}', 'ok_other_shape'],
    ['{"_id":"a1"}', 'ok_other_shape'],
    ['{"status":null}', 'ok_other_shape'],
    ['{"status":"Success","_id":"a1"}', 'ok_status_error'],
    ['{"status":"error"}', 'ok_status_error'],
    ['{"status":false}', 'ok_status_error'],
    ['{"message":"Invalid app_id"}', 'ok_status_error'],
    ['{"status":"error","message":"Invalid app_id"}', 'ok_status_error'],
    ['', 'ok_empty'],
    [' \r\n', 'ok_empty'],
    ['\uFEFF', 'ok_empty'],
    ['<!doctype html><p>Sign in', 'ok_not_json'],
    ['success', 'ok_not_json'],
    ['"success"', 'ok_not_json'],
    ['null', 'ok_not_json'],
    ['[]', 'ok_not_json'],
    ['{"status":"succ', 'ok_unreadable'],
    ['{"status":"success","_id":"a1"}{', 'ok_unreadable'],
    ['{"status":"success","_id":"a1"', 'ok_unreadable'],
  ])('%j is %s', (body, expected) => {
    expect(eventOf(body)).toBe(expected);
  });

  it('is a success only when it is complete JSON with a success status, whatever else comes', () => {
    const whole = JSON.stringify({ status: 'success', _id: 'abc', more: { a: [1, 'x'] } });
    fc.assert(fc.property(fc.nat(whole.length - 1), (cut) => !eventOf(whole.slice(0, cut)).startsWith('success')));
    fc.assert(fc.property(fc.json(), (text) => !eventOf(text).startsWith('success')));
  });

  it('includes the reason', () => {
    expect(readAnswer('{"status":"error","error":"no such app"}')).toMatchObject({ message: 'no such app' });
    expect(readAnswer('{"status":"error","code":7}')).toMatchObject({ message: '{"status":"error","code":7}' });
  });
});

describe('the reason of a refusal', () => {
  it.each([
    ['{"message":"bad dob"}', 'bad dob'],
    ['{"error":"bad dob","code":3}', 'bad dob'],
    ['{"error":{"x":1},"detail":"bad dob"}', 'bad dob'],
    ['{"code":"E1","text":"caf\\u00e9 \\/"}', '{"code":"E1","text":"café /"}'],
    ['["bad"]', '["bad"]'],
    ['bad dob', 'bad dob'],
    ['{"message":"bad d', '{"message":"bad d'],
    ['\uFEFF{"message":"bad dob"}', 'bad dob'],
    ['', undefined],
    [' \n', undefined],
    ['<html>400</html>', undefined],
    ['{"__proto__":{"message":"no"}}', '{"__proto__":{"message":"no"}}'],
  ])('of %j is %j', (body, reason) => {
    expect(readReason(body)).toBe(reason);
  });
});
