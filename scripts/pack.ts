/** `npm run pack`: both packages as tarballs in `dist/`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, generatorPackage, root, tarball, tarballName } from './pack/build.ts';
import { buildLinterTarball } from './pack/linter.ts';

const linter = await buildLinterTarball();
const generator = await tarball(
  await build(generatorPackage, new Map([[`tools/${linter.name}`, linter.bytes]])),
  generatorPackage.bin,
);
await mkdir(join(root, 'dist'), { recursive: true });
for (const { name, bytes } of [linter, { name: tarballName(generatorPackage), bytes: generator }]) {
  await writeFile(join(root, 'dist', name), bytes);
  console.log(`dist/${name}  ${Math.ceil(bytes.length / 1024)} KiB`);
}
