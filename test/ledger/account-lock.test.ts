import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockAccount, lockFolder } from '../../src/ledger/account-lock.ts';
import { lockFile } from '../../src/ledger/database.ts';
import { newFile } from './folder.ts';

/** Another process that holds the lock of a file, the way this program takes it. */
async function holder(file: string): Promise<ChildProcess> {
  const script = `
    const Libsql = require(${JSON.stringify(createRequire(import.meta.url).resolve('libsql'))});
    new Libsql(${JSON.stringify(file)}).exec('BEGIN EXCLUSIVE');
    console.log('held');
    setInterval(() => {}, 60000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('a lock', () => {
  it('is held by one process at a time, and free again when it is released', async () => {
    const file = await newFile();
    const first = lockFile(file);
    expect(first).toBeDefined();
    expect(lockFile(file)).toBeUndefined();
    first?.release();
    const second = lockFile(file);
    expect(second).toBeDefined();
    second?.release();
  });

  it('keeps another process out, and ends with its process, however that ends', async () => {
    const file = await newFile();
    const child = await holder(file);
    expect(lockFile(file)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = lockFile(file);
    expect(lock).toBeDefined();
    lock?.release();
  });

  it('that cannot be written is reported with its path', async () => {
    const file = path.join(await newFile(), '\0');
    expect(() => lockFile(file)).toThrow(expect.objectContaining({ code: 'not_writable' }));
  });
});

describe('an account', () => {
  it('is locked for one run, and others continue', () => {
    const before = new Set(readdirSync(lockFolder()));
    onTestFinished(() => {
      for (const name of readdirSync(lockFolder())) if (!before.has(name)) rmSync(path.join(lockFolder(), name));
    });
    const account = `https://api.example.com test-${process.pid}`;
    const lock = lockAccount(account);
    expect(() => lockAccount(account)).toThrow(expect.objectContaining({ code: 'account_busy' }));
    const other = lockAccount(`${account}-other`);
    const added = readdirSync(lockFolder()).filter((name) => !before.has(name));
    expect(added.length).toBeGreaterThanOrEqual(2);
    for (const name of added) expect(name).not.toMatch(/example|test/);
    lock.release();
    other.release();
    lockAccount(account).release();
  });

  it.skipIf(process.platform === 'win32')(
    'its folder is the home in the user database, whatever HOME says, and private',
    async () => {
      const before = process.env['HOME'];
      process.env['HOME'] = '/nonexistent';
      onTestFinished(() => {
        if (before === undefined) delete process.env['HOME'];
        else process.env['HOME'] = before;
      });
      const folder = lockFolder();
      expect(folder).not.toContain('nonexistent');
      expect(folder.startsWith(userInfo().homedir) || folder.includes(String(userInfo().uid))).toBe(true);
      expect((await stat(folder)).mode & 0o077).toBe(0);
    },
  );
});
