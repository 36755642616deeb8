export interface StreamsConfig {
  /** Between two signs of life on a quiet stream. */
  heartbeatMs: number;
  /** What a client is told to wait before it connects again. */
  retryMs: number;
  /** Events that one look into the store brings. */
  page: number;
  /** Bytes that may wait for one client; what comes later is read from the store when it has taken them. */
  mostBuffered: number;
  /** How long a client may take nothing before it is dropped. It resumes where it was. */
  patienceMs: number;
  /** Streams of one thread, and of this process. */
  mostPerThread: number;
  most: number;
}

export const streamsConfig: StreamsConfig = {
  heartbeatMs: 15_000,
  retryMs: 2_000,
  page: 200,
  mostBuffered: 256 * 1024,
  patienceMs: 30_000,
  mostPerThread: 20,
  most: 20_000,
};

export interface WakingConfig {
  /** Wake-ups of this time go out together. */
  gatherMs: number;
  /** How often replicas say that they are there, and after how long of silence they are taken for gone. */
  helloMs: number;
  goneMs: number;
}

export const wakingConfig: WakingConfig = { gatherMs: 15, helloMs: 10_000, goneMs: 35_000 };

/** Events are kept for resuming this long; the timeline itself is business-logic's. */
export const retentionConfig = { days: 30, everyMs: 60 * 60 * 1000, batch: 5_000 };
