import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder } from './packages.ts';
import { freePort, type Running, start, succeed } from './processes.ts';
import type { Restartable } from './services.ts';
import { until } from './wait.ts';

const pom = fileURLToPath(new URL('kafka/pom.xml', import.meta.url));

/** Kafka's own libraries, fetched once for each version of the pom beside this file. */
async function libraries(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'create-scalable-backend');
  const digest = createHash('sha256').update(await readFile(pom));
  const at = join(cache, `kafka-${digest.digest('hex').slice(0, 12)}`);
  if (existsSync(at)) return at;
  await mkdir(cache, { recursive: true });
  const fetched = await mkdtemp(join(cache, 'fetching-'));
  const args = ['--batch-mode', '--quiet', '--file', pom, 'dependency:copy-dependencies'];
  await succeed('mvn', [...args, `-DoutputDirectory=${fetched}`], { cwd: fetched });
  // Whoever comes second has the same.
  await rename(fetched, at).catch(() => rm(fetched, { recursive: true }));
  return at;
}

/** A Kafka of our own: one node, broker and controller, whose clients say nothing about themselves. */
export async function kafka(): Promise<Restartable> {
  return run({ 'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,OWN:PLAINTEXT,CONTROLLER:PLAINTEXT' });
}

/** The same, whose clients need TLS and a password; `certificate` is the PEM text of its own. */
export async function securedKafka(
  user: string,
  password: string,
): Promise<Restartable & { readonly certificate: string }> {
  const cwd = await folder('certificate');
  const store = ['-keystore', 'broker.p12', '-storetype', 'PKCS12', '-storepass', 'changeit', '-alias', 'broker'];
  const keytool = (...args: string[]) => succeed('keytool', [...args, ...store], { cwd });
  await keytool('-genkeypair', '-keyalg', 'RSA', '-dname', 'CN=broker', '-ext', 'san=ip:127.0.0.1', '-validity', '1');
  await keytool('-exportcert', '-rfc', '-file', 'broker.pem');
  const mechanism = 'SCRAM-SHA-512';
  const settings = {
    'listener.security.protocol.map': 'CLIENTS:SASL_SSL,OWN:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'ssl.keystore.location': join(cwd, 'broker.p12'),
    'ssl.keystore.password': 'changeit',
    'sasl.enabled.mechanisms': mechanism,
    'listener.name.clients.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  };
  const service = await run(settings, ['--add-scram', `${mechanism}=[name=${user},password=${password}]`]);
  const url = service.url.replace('kafka://', `kafkas://${user}:${encodeURIComponent(password)}@`);
  return { ...service, url, certificate: await readFile(join(cwd, 'broker.pem'), 'utf8') };
}

async function run(more: Readonly<Record<string, string>>, format: readonly string[] = []): Promise<Restartable> {
  const classPath = join(await libraries(), '*');
  const cwd = await folder('kafka');
  const [port, own, controller] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'OWN',
    listeners: `CLIENTS://127.0.0.1:${port},OWN://127.0.0.1:${own},CONTROLLER://127.0.0.1:${controller}`,
    'log.dirs': join(cwd, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    ...more,
  };
  const properties = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(cwd, 'server.properties'), properties.join(''));
  const java = ['-Xmx384m', '-cp', classPath];
  const storage = ['kafka.tools.StorageTool', 'format', '--cluster-id', 'MkU3OEVBNTcwNTJENDM2Qg'];
  await succeed('java', [...java, ...storage, '--config', 'server.properties', ...format], { cwd });
  let broker: Running | undefined;
  const end = async (how: (running: Running) => unknown) => {
    if (broker) await Promise.all([how(broker), broker.exited]);
  };
  const service: Restartable = {
    url: `kafka://127.0.0.1:${port}`,
    async start() {
      broker = start('java', [...java, 'kafka.Kafka', 'server.properties'], { cwd });
      await until('Kafka accepts connections', () => accepts(port), { withinMs: 60_000 });
    },
    kill: () => end((running) => running.kill('SIGKILL')),
    stop: () => end((running) => running.stop()),
  };
  await service.start();
  return service;
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
