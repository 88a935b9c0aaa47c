import { execFileSync } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';

/** Tests with LibreOffice are skipped where it is not installed. */
export const hasLibreOffice = ((): boolean => {
  try {
    execFileSync('soffice', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Opens a workbook in LibreOffice and saves it again, with a profile of its own. */
export async function throughLibreOffice(cwd: string, file: string): Promise<void> {
  const profile = `-env:UserInstallation=file://${encodeURI(path.join(cwd, 'profile'))}`;
  const args = [profile, '--headless', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', 'saved', file];
  execFileSync('soffice', args, { cwd, stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: cwd } });
  await copyFile(path.join(cwd, 'saved', path.basename(file)), path.resolve(cwd, file));
}
