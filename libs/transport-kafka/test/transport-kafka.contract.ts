import { kafkaAvailable, startKafka } from '@clawdesk/kafka';
import { describeTransport } from '@clawdesk/messaging/testing';
import { describe } from 'vitest';
import { KafkaTransport, kafkaConfig } from '../src/index.js';

describe.skipIf(!(await kafkaAvailable()))('the log in Kafka', () => {
  describeTransport('KafkaTransport', async () => {
    const kafka = await startKafka();
    const config = kafkaConfig({ KAFKA_BROKERS: kafka.brokers });
    return {
      transport: () => new KafkaTransport(config),
      restart: () => kafka.restart(),
      stop: () => kafka.stop(),
    };
  });
});
