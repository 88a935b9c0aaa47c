import type { FaultEvent } from './fault-table.ts';

export { maskReason } from './mask-reason.ts';

/** What a 2xx answer to newContact means. Only `success` makes a row succeeded. */
export type ApiAnswer =
  | { readonly kind: 'success'; readonly id: string }
  | { readonly kind: 'fault'; readonly event: FaultEvent; readonly message: string | undefined };

/** Longer ids are not believed. */
const longestId = 256;

/**
 * Reads the body of a 2xx answer by the documented contract `{"status": "success", "_id": "<string>"}` (API page newContact)
 * and by nothing looser. Success words of other endpoints are recognized only to name them in the message.
 */
export function readAnswer(body: string): ApiAnswer {
  const text = body.startsWith('\uFEFF') ? body.slice(1).trim() : body.trim();
  if (text === '') return fault('ok_empty');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fault(text.startsWith('{') || text.startsWith('[') ? 'ok_unreadable' : 'ok_not_json', text);
  }
  if (!isObject(json)) return fault('ok_not_json', text);
  const status = own(json, 'status');
  const id = own(json, '_id');
  if (status === 'success') {
    const usable = typeof id === 'string' && id.trim() !== '' && id.length <= longestId;
    return usable ? { kind: 'success', id } : fault('ok_without_id');
  }
  const message = messageOf(json);
  // Another endpoint's word for success, or no word at all: nothing says that the row was refused.
  const isSilent = message === undefined && typeof status !== 'string' && status !== false;
  if (status === true || own(json, 'result') === 'success' || isSilent) return fault('ok_other_shape', text);
  return fault('ok_status_error', message ?? text);
}

/** Reads the body of a 2xx answer to removeContact, `{"result": "success"}` (API page removeContact), and nothing looser. */
export function readRemoval(body: string): { readonly kind: 'success' } | Extract<ApiAnswer, { kind: 'fault' }> {
  const answer = readAnswer(body);
  if (answer.kind === 'success') return fault('ok_other_shape', body);
  return answer.event === 'ok_other_shape' && isRemoval(body) ? { kind: 'success' } : answer;
}

function isRemoval(body: string): boolean {
  const json: unknown = JSON.parse(body.replace(/^\uFEFF/, ''));
  return isObject(json) && own(json, 'result') === 'success' && !hasErrorWord(json);
}

const successWords = new Set<unknown>([true, 'success', 'ok', 'true']);

/** Whether an answer to a read call says that something went wrong, whatever else it holds. */
export function hasErrorWord(json: unknown): boolean {
  if (!isObject(json)) return false;
  if (['error', 'errors', 'error_message'].some((key) => Boolean(own(json, key)))) return true;
  return ['status', 'result', 'success'].some((key) => {
    const word = own(json, key) ?? true;
    const isOkStatus = typeof word === 'number' && word >= 200 && word < 300;
    return !isOkStatus && !successWords.has(typeof word === 'string' ? word.trim().toLowerCase() : word);
  });
}

/** The reason in the body of a refusal: bodies of errors are undocumented, so any usual key will do, else the text itself. */
export function readReason(body: string): string | undefined {
  const text = body.trim();
  if (text === '' || text.startsWith('<')) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    // Rewritten, so that no escape (\/, \u00e9) hides a key or a name from the masking.
    if (isObject(json)) return messageOf(json) ?? JSON.stringify(json);
  } catch {
    // No JSON: the text is the reason.
  }
  return text;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function messageOf(data: Record<string, unknown>): string | undefined {
  for (const key of ['message', 'error', 'error_message', 'reason', 'detail']) {
    const value = own(data, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function own(data: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

function fault(event: FaultEvent, message?: string): ApiAnswer {
  return { kind: 'fault', event, message };
}
