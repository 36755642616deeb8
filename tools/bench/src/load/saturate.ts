import type { ServiceUrls } from '@clawdesk/client';
import type { Question } from '../data-set.js';
import { Visitor } from './visitor.js';

export interface SaturateOptions {
  /** Customers who each wait for a reply at any time. */
  concurrency: number;
  /** Not measured: connections, caches and the just-in-time compiler get ready. */
  warmUpSeconds: number;
  seconds: number;
  onProgress?: (turnsPerSecond: number) => void;
}

/** Asks as fast as replies come, each question in a new thread. @returns ended turns per second */
export async function saturate(
  urls: ServiceUrls,
  questions: readonly Question[],
  options: SaturateOptions,
): Promise<number> {
  const from = performance.now() + options.warmUpSeconds * 1_000;
  const to = from + options.seconds * 1_000;
  let next = 0;
  let ended = 0;
  const customer = async (): Promise<void> => {
    while (performance.now() < to) {
      const question = questions[next++ % questions.length];
      if (!question) return;
      const visitor = await Visitor.arrive(urls);
      try {
        const turn = await visitor.ask(question.question);
        const now = performance.now();
        if (now >= from && now < to && turn.state !== 'lost') ended += 1;
      } finally {
        visitor.leave();
      }
    }
  };
  const ticking = setInterval(() => {
    const elapsed = (performance.now() - from) / 1_000;
    if (elapsed > 1) options.onProgress?.(ended / elapsed);
  }, 1_000);
  try {
    await Promise.all(Array.from({ length: options.concurrency }, customer));
  } finally {
    clearInterval(ticking);
  }
  return ended / options.seconds;
}
