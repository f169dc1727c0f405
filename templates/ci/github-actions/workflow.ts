import { environmentAt, settingValue } from '../../../src/plan/print.ts';
import type { IntentOf, SystemSpec } from '../../../src/plan/template.ts';
import { checkout, type Pin, toolchains } from './actions.ts';

type Job = IntentOf<'job'>;
type Resource = IntentOf<'resource'>;

const stages: readonly Job['stage'][] = ['check', 'test', 'build', 'deploy'];

/** The workflow of everybody's jobs: checks and tests run side by side, images are built when all of them passed. */
export function workflow(system: SystemSpec): Record<string, unknown> {
  const jobs = stages.flatMap((stage) => system.all('job').filter((job) => job.stage === stage));
  return {
    name: 'ci',
    on: { push: { branches: ['main'] }, pull_request: {} },
    permissions: {},
    concurrency: {
      group: `ci-\${{ github.ref }}`,
      'cancel-in-progress': `\${{ github.event_name == 'pull_request' }}`,
    },
    jobs: Object.fromEntries(jobs.map((job) => [job.id, jobOf(system, job, before(jobs, job))])),
  };
}

/** Ids of the jobs that must pass first. Checks and tests wait for nobody. */
function before(jobs: readonly Job[], { stage }: Job): readonly string[] {
  if (stage === 'check' || stage === 'test') return [];
  return jobs.filter((job) => stages.indexOf(job.stage) < stages.indexOf(stage)).map(({ id }) => id);
}

function jobOf(system: SystemSpec, job: Job, needs: readonly string[]): object {
  const resources = resourcesOf(system, job);
  return {
    'runs-on': 'ubuntu-24.04',
    'timeout-minutes': job.minutes ?? 10,
    permissions: { contents: 'read' },
    ...(needs.length > 0 ? { needs } : {}),
    ...(resources.length > 0
      ? {
          services: Object.fromEntries(resources.map((resource) => [resource.id, service(resource)])),
          env: environment(system, resources),
        }
      : {}),
    steps: [
      { uses: pinned(checkout), with: { 'persist-credentials': false } },
      ...Object.entries(job.tools ?? {}).map(([language, version]) => toolchain(language, version)),
      ...[...(job.install ?? []), ...job.run].map((run) => ({ run })),
    ],
  };
}

function resourcesOf(system: SystemSpec, { id, resources }: Job): readonly Resource[] {
  const read = new Set(system.blueprint.deployables.flatMap(({ name }) => readBy(system, name)));
  const wanted = resources.flatMap((resource) => (resource === '*' ? [...read] : [resource]));
  return wanted.map((name) => {
    const resource = system.all('resource').find((candidate) => candidate.id === name);
    if (!resource) throw new Error(`The job ${id} needs the resource '${name}', which nobody states.`);
    return resource;
  });
}

const readBy = (system: SystemSpec, reader: string): readonly string[] =>
  system
    .all('setting')
    .flatMap((setting) => (setting.readBy === reader && 'resource' in setting.from ? [setting.from.resource] : []));

/** A service container on its own port of the runner. It lives for one job and holds test data: its secret is a word. */
function service(resource: Resource): object {
  const { image, port, ready, secrets = {} } = resource;
  const given = environmentAt(resource, runner);
  const environment = { ...given, ...Object.fromEntries(Object.keys(secrets).map((name) => [name, throwaway])) };
  return {
    image,
    ...(Object.keys(environment).length > 0 ? { env: environment } : {}),
    ports: [`${port}:${port}`],
    options: `--health-cmd "${ready.join(' ')}" --health-interval 5s --health-timeout 5s --health-retries 12`,
  };
}

const throwaway = 'ci';
/** Where jobs reach their services. */
const runner = '127.0.0.1';

/** Tests run every module in one process, which has all of a resource to itself. */
const whole = (setting: IntentOf<'setting'>): IntentOf<'setting'> =>
  'resource' in setting.from ? { ...setting, from: { resource: setting.from.resource } } : setting;

function environment(system: SystemSpec, resources: readonly Resource[]): Record<string, string> {
  const ids = resources.map(({ id }) => id);
  const settings = system.all('setting').filter(({ from }) => 'resource' in from && ids.includes(from.resource));
  return Object.fromEntries(
    settings.map((setting) => [
      setting.name,
      settingValue(system, whole(setting), () => ({ host: runner })).replace(/\{[A-Z][A-Z0-9_]*\}/g, throwaway),
    ]),
  );
}

function toolchain(language: string, version: string): object {
  const setup = toolchains[language];
  if (!setup) throw new Error(`GitHub Actions has no pinned action for the language '${language}'.`);
  return { uses: pinned(setup.pin), with: { [setup.version]: version, cache: setup.cache } };
}

const pinned = ({ uses, commit }: Pin): string => `${uses}@${commit}`;

/** Adds the version behind each pinned commit as a comment, where people and update services look for it. */
export function annotated(text: string): string {
  const pins = [checkout, ...Object.values(toolchains).map(({ pin }) => pin)];
  return pins.reduce((out, pin) => out.replaceAll(pinned(pin), `${pinned(pin)} # ${pin.version}`), text);
}

/** What the update service keeps current: everybody's manifests, and the actions themselves. */
export function updates(system: SystemSpec): Record<string, unknown> {
  const manifests = [...system.all('manifest'), { ecosystem: 'github-actions', at: '' }];
  const folders = Map.groupBy(manifests, ({ ecosystem }) => ecosystem);
  return {
    version: 2,
    updates: [...folders]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([ecosystem, entries]) => ({
        'package-ecosystem': ecosystem,
        directories: entries.map(({ at }) => `/${at}`).sort(),
        schedule: { interval: 'weekly' },
        cooldown: { 'default-days': 7 },
        groups: { 'minor-and-patch': { 'update-types': ['minor', 'patch'] } },
      })),
  };
}
