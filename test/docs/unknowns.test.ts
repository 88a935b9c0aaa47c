import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createSimulator } from '../../src/simulator/index.ts';
import { blocks } from './markdown.ts';

/** Runs a script in bash, as the page says. It needs curl. */
async function paste(script: string, cwd: string, base: string): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', GLEANTAP_BASE: base },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    shell.on('error', reject);
    shell.on('close', (code) => resolve({ code, stdout }));
  });
}

it('every script in docs/unknowns.md works when pasted', async () => {
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/unknowns.md'), 'utf8');
  const folder = await mkdtemp(path.join(tmpdir(), 'unknowns-'));
  const server = await createSimulator({ credentials: { apiKey: 'k', secretKey: 's', appId: 'throw-away' } });
  try {
    await writeFile(
      path.join(folder, '.env'),
      'GLEANTAP_API_KEY=k\nGLEANTAP_SECRET_KEY=s\nGLEANTAP_APP_ID=throw-away\n',
    );
    const script = blocks(page, 'sh').join('\n');
    const { code, stdout } = await paste(script, folder, server.url);
    expect(code).toBe(0);
    const asked = script.match(/^(?:\w+=\w+ )?call /gm) ?? [];
    const answers = stdout.match(/^HTTP\/1\.1 \d+/gm) ?? [];
    expect(answers).toHaveLength(asked.length);
    // All succeed except those that ask for a refusal: three fields, null, an id that is not there, and the keys.
    const refused = answers.filter((line) => !line.endsWith(' 200')).map((line) => line.slice(-3));
    expect(refused.toSorted()).toEqual(['400', '400', '400', '400', '400', '401']);
    expect(server.stats().writesAccepted).toBeGreaterThan(15);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});
