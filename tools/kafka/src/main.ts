import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafka, type LocalKafka, type StartKafkaOptions } from './start-kafka.js';

const usage = `Starts Apache Kafka on 127.0.0.1 and runs it until Ctrl-C.

  npm run kafka -- [--port 9092] [--data ./data/kafka] [--brokers 1|3]
`;

function options(args: readonly string[]): StartKafkaOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '9092' },
      data: { type: 'string', default: './data/kafka' },
      brokers: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port must be a port number, not '${values.port}'.`);
  if (values.brokers !== '1' && values.brokers !== '3')
    throw new Error(`--brokers must be 1 or 3, not '${values.brokers}'.`);
  return { port, dataDir: resolve(values.data), brokers: values.brokers === '1' ? 1 : 3 };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const chosen = options(process.argv.slice(2));
  if (!chosen) say(usage);
  else {
    const state: { kafka?: LocalKafka; stopping: boolean } = { stopping: false };
    const stop = async (): Promise<void> => {
      if (state.stopping) return;
      state.stopping = true;
      say('Stopping …');
      await state.kafka?.stop();
      // A broker that is still starting ends with this process.
      process.exit(0);
    };
    process.on('SIGINT', () => void stop());
    process.on('SIGTERM', () => void stop());
    state.kafka = await startKafka({
      ...chosen,
      progress: say,
      onEnd: (log) => {
        if (state.stopping) return;
        process.stderr.write(`A broker has ended by itself; its log is ${log}.\n`);
        process.exit(1);
      },
    });
    say(`Kafka runs; its data is in ${chosen.dataDir}. Ctrl-C ends it.`);
    say(`KAFKA_BROKERS=${state.kafka.brokers}`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
