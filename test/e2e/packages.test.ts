import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  folder,
  install,
  installation,
  nodeEnv,
  pack,
  program,
  root,
  scratch,
  type Tarballs,
  tarballs,
} from './support/packages.ts';
import { cleanEnv, run, stopAll, succeed } from './support/processes.ts';

let at: string;
let packed: Tarballs;
beforeAll(async () => {
  packed = await tarballs();
  at = await installation();
}, 300_000);
afterAll(stopAll);

const digest = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const installedPackages = async (folderOfInstall: string) => {
  const lock = JSON.parse(await readFile(join(folderOfInstall, 'node_modules', '.package-lock.json'), 'utf8'));
  return Object.keys(lock.packages);
};

describe('tarballs', () => {
  test('the same sources give the same bytes', async () => {
    const before = [await digest(packed.generator), await digest(packed.linter)];
    await rm(join(root, 'node_modules', '.cache', 'scalable-backend'), { recursive: true, force: true });
    const again = await pack(await folder('again'));
    expect([await digest(again.generator), await digest(again.linter)]).toEqual(before);
  });

  test('carry no test, no source map and no TypeScript but templates and declarations', async () => {
    for (const tarball of [packed.generator, packed.linter]) {
      const { output } = await succeed('tar', ['-tzf', tarball], { cwd: scratch });
      const paths = output
        .trim()
        .split('\n')
        .map((path) => path.replace('package/', ''));
      expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
      const material = /^templates\/[^/]+\/[^/]+\/[^/]+\//;
      const bundled = /^node_modules\/yeoman-(environment|generator)\//;
      const own = paths.filter((path) => !material.test(path) && !bundled.test(path));
      expect(own.filter((path) => /\.test\.|\.map$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
      const left = paths.filter((path) => !bundled.test(path));
      expect(left.filter((path) => /(^|\/)(\.gitignore|\.npmrc|node_modules)(\/|$)/.test(path))).toEqual([]);
    }
  });

  test('the linter installs at most 90 packages, and none that only writing needs', async () => {
    const alone = await install('linter', [packed.linter]);
    const packages = await installedPackages(alone);
    expect(packages.length).toBeLessThanOrEqual(90);
    expect(packages.filter((path) => /yeoman|inquirer|handlebars/.test(path))).toEqual([]);
    const { output } = await succeed(program(alone, 'scalable-backend'), ['rules'], { cwd: alone, env: nodeEnv() });
    expect(output).toContain('module-boundary');
    const explained = await succeed(program(alone, 'scalable-backend'), ['explain', 'missing-timeout'], {
      cwd: alone,
      env: nodeEnv(),
    });
    expect(explained.output).toContain('missing-timeout');
  });

  test('the generator installs at most 80 packages, and carries Yeoman as files with their licences', async () => {
    const alone = await install('generator', [packed.generator]);
    const packages = await installedPackages(alone);
    expect(packages.length).toBeLessThanOrEqual(80);
    const own = join(alone, 'node_modules', 'create-scalable-backend');
    expect((await readdir(join(own, 'node_modules'))).sort()).toEqual(['yeoman-environment', 'yeoman-generator']);
    const licences = await readFile(join(own, 'THIRD-PARTY-LICENSES'), 'utf8');
    for (const name of ['yeoman-environment', 'yeoman-generator', 'mem-fs-editor'])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)\n\n\\S`, 'm'));
    await succeed(program(alone, 'create-scalable-backend'), ['shop', '--yes', '--skip-install', '--no-git'], {
      cwd: alone,
      env: nodeEnv(),
    });
  });

  test('run where the project has its own TypeScript 7', async () => {
    const seven = await install('typescript-7', ['typescript@7.0.2', packed.linter, packed.generator]);
    const env = nodeEnv();
    await succeed(program(seven, 'create-scalable-backend'), ['shop', '--yes', '--skip-install', '--no-git'], {
      cwd: seven,
      env,
    });
    await succeed(program(seven, 'scalable-backend'), ['lint', 'shop'], { cwd: seven, env });
  });
});

describe('an older Node', () => {
  const programs = [
    ['create-scalable-backend', 'bin/create-scalable-backend.js'],
    ['scalable-backend', 'bin/scalable-backend.js'],
  ] as const;
  test.each(programs)('%s says in one line which version it needs, before importing anything', async (name, file) => {
    // The file alone, without what it imports: only something that is checked first can answer.
    const lonely = await folder('lonely');
    await cp(join(at, 'node_modules', name, file), join(lonely, 'bin.mjs'));
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.11.0' }); Object.defineProperty(process, 'version', { value: 'v20.11.0' })`;
    const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
    const { code, output } = await run('node', ['--import', preload, 'bin.mjs'], { cwd: lonely, env: nodeEnv() });
    expect(code).toBe(2);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toMatch(/22\.18.*v20\.11\.0/);
  });

  test('start as commands of their own', async () => {
    const env = cleanEnv({ PATH: `${join(at, 'node_modules', '.bin')}:${nodeEnv().PATH}` });
    for (const [name] of programs) {
      const { output } = await succeed(name, ['--version'], { cwd: at, env });
      expect(output.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});

test('the linter is a library as well', async () => {
  const program = `
    import { filesOf, lint, Session } from 'scalable-backend';
    const report = await lint(filesOf({ 'package.json': '{}', 'a.ts': 'fetch("https://a.example")' }), { only: ['missing-timeout'] });
    console.log(report.findings.length, report.exitCode, (await new Session('.').lint()).exitCode);`;
  const { output } = await succeed('node', ['--input-type=module', '--eval', program], {
    cwd: at,
    env: nodeEnv(),
  });
  expect(output).toBe('1 1 2\n');
});

test('the plan from the tarball equals the plan from source, byte for byte', async () => {
  const [packed, source] = [await mkdtemp(join(scratch, 'packed-')), await mkdtemp(join(scratch, 'source-'))];
  const args = ['shop', '--yes', '--skip-install', '--no-git'];
  await succeed(program(at, 'create-scalable-backend'), args, { cwd: packed, env: nodeEnv() });
  await succeed('node', [join(root, 'bin', 'create-scalable-backend.ts'), ...args], { cwd: source, env: nodeEnv() });
  const tree = async (dir: string) => {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const rows = await Promise.all(files.map(async (path) => `${path.slice(dir.length)} ${await digest(path)}`));
    return rows.sort();
  };
  const [fromTarball, fromSource] = [await tree(packed), await tree(source)];
  expect(fromTarball.length).toBeGreaterThan(50);
  expect(fromTarball).toEqual(fromSource);
});
