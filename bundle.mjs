// Bundles the command line into a few files instead of some four hundred, most of them its libraries': it starts in half the time.
import { build } from 'rolldown';

await build({
  input: 'src/cli/main.ts',
  output: { dir: 'dist/cli', format: 'esm' },
  platform: 'node',
  // Native code, which is chosen at installation.
  external: ['libsql'],
  // The other form of jsonc-parser cannot be bundled.
  resolve: { mainFields: ['module', 'main'] },
});
