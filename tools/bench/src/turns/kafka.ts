import { setTimeout as pause } from 'node:timers/promises';
import { ClawdeskClient, type ServiceUrls } from '@clawdesk/client';
import { startKafka } from '@clawdesk/kafka';
import { SeparateServices } from '@clawdesk/processes';
import { startPostgres } from '@clawdesk/testing';
import type { DataSet, Question } from '../data-set.js';
import { addFaults, checkHistory, noFaults, type Faults } from '../history.js';
import { askPaced } from '../load/paced.js';
import { Visitor } from '../load/visitor.js';
import { percentile } from '../percentile.js';
import { answerFigures } from './answers.js';
import { importAll, type TurnsOptions } from './embedded.js';
import type { Figures } from './figures.js';
import type { Progress } from './progress.js';

/** Threads with several messages each, for the order within a thread. */
const chatters = 20;
const messagesEach = 5;
/** Eight just-in-time compilers share two cores: a fresh broker alone takes ten seconds to find its speed. */
const warmUpSeconds = 15;

/** Clawdesk as seven processes over Kafka (a local broker, or the one of KAFKA_BROKERS) and a PostgreSQL of their own. */
export async function measureKafka(
  data: DataSet,
  folder: string,
  brokers: string | undefined,
  options: TurnsOptions,
  progress: Progress,
): Promise<Figures> {
  await using resources = new AsyncDisposableStack();
  progress.say(`Kafka: ${brokers ? `the brokers ${brokers}` : 'starting a local broker'} and a PostgreSQL …`);
  const local =
    brokers === undefined ? await startKafka({ progress: (what) => progress.show(what) }) : undefined;
  resources.defer(() => local?.stop());
  const postgres = await startPostgres({ durable: true });
  resources.defer(() => postgres.stop());
  const started = performance.now();
  const services = await SeparateServices.start({
    kafkaBrokers: brokers ?? local?.brokers ?? '',
    databaseUrl: postgres.url,
    dataDir: folder,
    secret: postgres.secret,
    ports: 'free',
    onLine: (name, line) => progress.show(`${name}: ${line}`),
  });
  resources.defer(() => services.stop());
  progress.say('Kafka: seven processes …');
  await services.ready(180_000);
  const readySeconds = (performance.now() - started) / 1_000;
  const client = new ClawdeskClient(services.urls, services.apiKey());
  await importAll(client, data);
  progress.say(`Kafka: warming up for ${warmUpSeconds} s …`);
  await askPaced(services.urls, data.questions.slice(0, options.rate * warmUpSeconds), options.rate);

  progress.say(`Kafka: ${data.questions.length} questions at ${options.rate}/s …`);
  const asked = await askPaced(services.urls, data.questions, options.rate, (done) =>
    progress.show(`${done} answered`),
  );
  const times = asked.map(({ turn }) => turn.tookMs).filter((time) => !Number.isNaN(time));

  progress.say(`Kafka: ${chatters} threads with ${messagesEach} messages each …`);
  const sent = asked.map(({ conversation, turn }) => ({ conversation, accepted: [turn.id] }));
  const talked = await Promise.all(
    Array.from({ length: chatters }, (_, index) => chat(services.urls, data.questions, index)),
  );
  const conversations = [...sent, ...talked];
  progress.say(`Kafka: looking through ${conversations.length} conversations …`);
  const faults = await settledFaults(client, conversations);
  for (const sentence of Object.values(faults).flat().slice(0, 20)) progress.say(`  ${sentence}`);
  return {
    'kafka.ready_s': readySeconds,
    'kafka.p50_ms': percentile(times, 0.5),
    'kafka.p95_ms': percentile(times, 0.95),
    'kafka.lost': faults.lost.length,
    'kafka.doubled': faults.doubled.length,
    'kafka.disordered': faults.disordered.length,
    ...answerFigures(asked),
    'kafka.messages': conversations.reduce((sum, { accepted }) => sum + accepted.length, 0),
  };
}

interface Conversation {
  conversation: string;
  accepted: string[];
}

/** One customer: half of them wait for each reply, the others write on at once. */
async function chat(urls: ServiceUrls, questions: readonly Question[], index: number): Promise<Conversation> {
  const visitor = await Visitor.arrive(urls);
  try {
    for (let message = 0; message < messagesEach; message += 1) {
      const text = questions[(index * messagesEach + message) % questions.length]?.question ?? '';
      if (index % 2 === 0) await visitor.ask(text);
      else await visitor.send(text);
    }
    await visitor.settled(visitor.accepted.at(-1) ?? '');
    return { conversation: visitor.thread.conversation, accepted: visitor.accepted };
  } finally {
    visitor.leave();
  }
}

/** The faults that stay: what is only on its way gets 30 s to arrive. */
async function settledFaults(
  client: ClawdeskClient,
  conversations: readonly Conversation[],
): Promise<Faults> {
  const end = performance.now() + 30_000;
  for (;;) {
    const faults = noFaults();
    for (const { conversation, accepted } of conversations) {
      const { timeline } = await client.conversation(conversation);
      addFaults(faults, checkHistory(conversation, accepted, timeline));
    }
    if (faults.lost.length === 0 || performance.now() > end) return faults;
    await pause(1_000);
  }
}
