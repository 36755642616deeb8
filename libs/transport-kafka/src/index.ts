export { kafkaConfig, KafkaConfigurationError, type KafkaConfig } from './kafka.config.js';
export { KafkaTransport } from './kafka-transport.js';
