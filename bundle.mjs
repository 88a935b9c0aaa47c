// Bundles the command line into a few files instead of some four hundred, most of them its libraries': it starts in half the time.
import { build } from 'rolldown';

await build({
  input: 'src/cli/main.ts',
  output: { dir: 'dist/cli', format: 'esm' },
  platform: 'node',
  // Native code, which is chosen at installation; and a library that is loaded with the first request, when nobody waits for
  // the start any more, and would be a tenth of the package.
  external: ['libsql', /^undici/],
  // The other form of jsonc-parser cannot be bundled.
  resolve: { mainFields: ['module', 'main'] },
});
