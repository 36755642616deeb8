import 'reflect-metadata';
import { startKafka } from '@clawdesk/kafka';
import { describeTransport } from '@clawdesk/messaging/testing';
import { KafkaTransport, kafkaConfig } from '../src/index.js';
describeTransport('three brokers', async () => {
  const kafka = await startKafka({ brokers: 3 });
  const config = kafkaConfig({ KAFKA_BROKERS: kafka.brokers, KAFKA_REPLICATION: '3' });
  let n = 0;
  return {
    transport: () => new KafkaTransport(config),
    restart: () => kafka.restart(n++ % 3),
    stop: () => kafka.stop(),
  };
});
