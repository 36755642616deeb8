import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.js';
import { localKafkaConfig } from './kafka.config.js';

const pom = fileURLToPath(new URL('../pom.xml', import.meta.url));
const oldestJava = 17;

export type Progress = (line: string) => void;

async function kafkaVersion(): Promise<string> {
  const version = /<kafka\.version>([^<]+)</.exec(await readFile(pom, 'utf8'))?.[1];
  if (!version) throw new Error(`${pom} names no kafka.version.`);
  return version;
}

/** The folder of this version's jars; they are there once the folder is, for it is put in place whole. */
const jarFolder = async (): Promise<string> => join(localKafkaConfig().cache, await kafkaVersion());

async function javaMissing(): Promise<string | undefined> {
  const { java } = localKafkaConfig();
  const { code, output } = await run(java, ['-version']);
  const version = Number(/version "(\d+)/.exec(output)?.[1]);
  if (code === 0 && version >= oldestJava) return undefined;
  const found = code === 0 ? `${java} is version ${version}` : `${java} cannot be run`;
  return `A local Kafka needs Java ${oldestJava} or newer, but ${found}: install a JRE (Debian: apt-get install openjdk-17-jre-headless), or set KAFKA_BROKERS to a Kafka that runs already.`;
}

async function mavenMissing(): Promise<string | undefined> {
  if ((await run('mvn', ['-version'])).code === 0) return undefined;
  return 'The first start of a local Kafka fetches it with Maven, but mvn cannot be run: install Maven (Debian: apt-get install maven), or set KAFKA_BROKERS to a Kafka that runs already.';
}

/** What a local broker lacks on this machine, as a sentence; undefined when nothing is missing. */
export async function kafkaMissing(): Promise<string | undefined> {
  return (await javaMissing()) ?? (existsSync(await jarFolder()) ? undefined : await mavenMissing());
}

/** Whether tests against Kafka can run: Java and Maven are there, or KAFKA_BROKERS is set. */
export async function kafkaAvailable(): Promise<boolean> {
  return localKafkaConfig().brokers !== undefined || (await kafkaMissing()) === undefined;
}

/**
 * The class path of the broker; fetches the jars on first use.
 * @throws with a sentence that says what to install when Java or Maven is missing.
 */
export async function kafkaClassPath(progress: Progress): Promise<string> {
  const missing = await kafkaMissing();
  if (missing) throw new Error(missing);
  const folder = await jarFolder();
  if (!existsSync(folder)) {
    progress(`Fetching Apache Kafka ${await kafkaVersion()} with Maven into ${folder} (about 54 MB, once) …`);
    const fetched = `${folder}.${randomUUID()}`;
    await mkdir(fetched, { recursive: true });
    const { code, output } = await run('mvn', [
      '-B',
      '-q',
      '-f',
      pom,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${fetched}`,
    ]);
    if (code !== 0) {
      await rm(fetched, { recursive: true, force: true });
      throw new Error(`Maven could not fetch Apache Kafka (is the network there?):\n${output.trim()}`);
    }
    await rename(fetched, folder).catch(async (error: unknown) => {
      // Another process was first: its jars are as good.
      await rm(fetched, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    });
  }
  return join(folder, '*');
}
