import { expect, it } from 'vitest';
import { createWindow } from '../../src/flow/window.ts';
import type { Window } from '../../src/flow/window.ts';
import { settled } from './fake-clock.ts';

/** A reader that takes places as long as it gets any. */
function reader(window: Window): { taken: number; ended: boolean } {
  const seen = { taken: 0, ended: false };
  void (async () => {
    while (await window.enter()) seen.taken += 1;
    seen.ended = true;
  })();
  return seen;
}

it('gives out as many slots as there are', async () => {
  const window = createWindow(3);
  const seen = reader(window);
  await settled();
  expect(seen.taken).toBe(3);
  window.leave();
  await settled();
  expect(seen.taken).toBe(4);
});

it('grows and shrinks', async () => {
  const window = createWindow(1);
  const seen = reader(window);
  await settled();
  window.resize(4);
  await settled();
  expect(seen.taken).toBe(4);
  window.resize(2);
  window.leave();
  window.leave();
  await settled();
  expect(seen.taken).toBe(4);
  window.leave();
  await settled();
  expect(seen.taken).toBe(5);
});

it('gives out no slot after it is closed, and wakes a waiting reader', async () => {
  const window = createWindow(1);
  const seen = reader(window);
  await settled();
  window.close();
  await settled();
  expect(seen).toEqual({ taken: 1, ended: true });
  window.leave();
  expect(await window.enter()).toBe(false);
});

it('is empty when all slots are returned', async () => {
  const window = createWindow(2);
  await window.enter();
  await window.enter();
  let isEmpty = false;
  void window.empty().then(() => (isEmpty = true));
  window.leave();
  await settled();
  expect(isEmpty).toBe(false);
  window.leave();
  await settled();
  expect(isEmpty).toBe(true);
  await window.empty();
});
