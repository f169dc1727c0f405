#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if ((major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major > 24) {
  // Compiled code is kept between runs; older versions, which never get here, lack this.
  process.getBuiltinModule('node:module').enableCompileCache();
  const { main } = await import('../src/cli/linter.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    `scalable-backend needs Node.js 22.18 or newer, or 24.11 or newer; this is ${process.version}. Run it as: npx -p node@24 -p scalable-backend scalable-backend\n`,
  );
  process.exitCode = 2;
}
