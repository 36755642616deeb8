export { kafkaAvailable, kafkaMissing } from './jars.js';
export { startKafka, type LocalKafka, type StartKafkaOptions } from './start-kafka.js';
