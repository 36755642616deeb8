export interface BrokerAddress {
  id: number;
  port: number;
  controllerPort: number;
}

/** The settings of one of `all` brokers; each is its own KRaft controller as well. */
export function serverProperties(
  broker: BrokerAddress,
  all: readonly BrokerAddress[],
  logDir: string,
): string {
  const replication = all.length;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': broker.id,
    'controller.quorum.voters': all
      .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${broker.port},CONTROLLER://127.0.0.1:${broker.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logDir,
    // Clawdesk creates its topics itself: a misspelt one shall not appear by being read.
    'auto.create.topics.enable': false,
    'default.replication.factor': replication,
    'min.insync.replicas': replication >= 3 ? 2 : 1,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': replication,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': replication,
    'transaction.state.log.min.isr': replication >= 3 ? 2 : 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replication,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A dead broker is replaced after 3 s instead of 9.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    // Small: one laptop, not a cluster.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The ports that a broker with these settings listens on: for clients, and as controller. */
export const portsIn = (properties: string): number[] =>
  [...(/^listeners=.*$/m.exec(properties)?.[0] ?? '').matchAll(/:(\d+)/g)].map(([, port]) => Number(port));

/** The broker's log: warnings, and the one line that says it is ready. */
export const log4jConfiguration = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="out" target="SYSTEM_OUT"><PatternLayout pattern="%d{ISO8601} %p %m (%c)%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="WARN"><AppenderRef ref="out"/></Root>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
  </Loggers>
</Configuration>
`;
