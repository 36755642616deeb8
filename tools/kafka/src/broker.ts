import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.js';
import { localKafkaConfig } from './kafka.config.js';
import { isFree } from './ports.js';
import { log4jConfiguration, portsIn, serverProperties, type BrokerAddress } from './server-properties.js';

const readyLine = 'Kafka Server started';
const startLimitMs = 90_000;

/** One broker process on 127.0.0.1, with its data in a folder of its own. */
export class Broker {
  private process: ChildProcess | undefined;
  private ending = false;
  private readonly folder: string;

  constructor(
    readonly address: BrokerAddress,
    private readonly all: readonly BrokerAddress[],
    private readonly classPath: string,
    private readonly dataDir: string,
    private readonly onEnd: (logFile: string) => void = () => undefined,
  ) {
    this.folder = join(dataDir, `broker-${address.id}`);
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  private get properties(): string {
    return join(this.folder, 'server.properties');
  }

  /**
   * Two brokers over the same data damage it before Kafka's own lock stops the second one.
   * @throws when the broker that was started last in this folder still listens
   */
  async refuseIfInUse(): Promise<void> {
    if (!existsSync(this.properties)) return;
    const ports = portsIn(await readFile(this.properties, 'utf8'));
    const free = await Promise.all(ports.map(isFree));
    // Another program may have got one of its ports since; both of them hardly ever.
    if (ports.length === 0 || free.includes(true)) return;
    throw new Error(
      `${this.dataDir} is in use by another broker, on port ${ports[0]}: end that one, or choose another folder with --data.`,
    );
  }

  /** Formats the storage of an empty folder; leaves existing data alone. */
  async prepare(clusterId: string): Promise<void> {
    const logDir = join(this.folder, 'log');
    await mkdir(logDir, { recursive: true });
    await writeFile(this.properties, serverProperties(this.address, this.all, logDir));
    await writeFile(join(this.folder, 'log4j2.xml'), log4jConfiguration);
    if (existsSync(join(logDir, 'meta.properties'))) return;
    const { code, output } = await run(localKafkaConfig().java, [
      '-cp',
      this.classPath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      clusterId,
      '-c',
      this.properties,
    ]);
    if (code !== 0) throw new Error(`Kafka's storage in ${logDir} could not be formatted:\n${output.trim()}`);
  }

  /** Starts the process; resolves when the broker answers. */
  start(): Promise<void> {
    const logFile = join(this.folder, 'broker.log');
    const output = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(
      localKafkaConfig().java,
      [
        '-Xms128m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-XX:MetaspaceSize=128m',
        `-Dlog4j2.configurationFile=${join(this.folder, 'log4j2.xml')}`,
        '-cp',
        this.classPath,
        'kafka.Kafka',
        this.properties,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.process = child;
    this.ending = false;
    return new Promise((resolve, reject) => {
      let said = '';
      const limit = setTimeout(() => fail(`did not start within ${startLimitMs / 1000} s`), startLimitMs);
      const fail = (how: string): void => {
        clearTimeout(limit);
        child.kill('SIGKILL');
        const last = said.trim().split('\n').slice(-15).join('\n');
        reject(new Error(`Kafka on port ${this.address.port} ${how}; its log is ${logFile}.\n${last}`));
      };
      const read = (chunk: Buffer): void => {
        output.write(chunk);
        if (said.includes(readyLine)) return;
        said += chunk.toString();
        if (!said.includes(readyLine)) return;
        clearTimeout(limit);
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', (error) => fail(`could not be run (${error.message})`));
      child.once('close', (code, signal) => {
        output.end();
        if (this.process === child) this.process = undefined;
        if (said.includes(readyLine)) {
          if (!this.ending) this.onEnd(logFile);
        } else fail(`ended at once (${signal ?? code})`);
      });
    });
  }

  /** Ends the process; resolves when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.ending = true;
    await new Promise<void>((resolve) => {
      // A broker that cannot hand over its partitions any more is not waited for.
      const limit = setTimeout(() => child.kill('SIGKILL'), 15_000);
      child.once('close', () => {
        clearTimeout(limit);
        resolve();
      });
      child.kill(signal);
    });
  }

  /** For the end of this process, when nothing can be awaited any more. */
  killNow(): void {
    this.process?.kill('SIGKILL');
  }
}
