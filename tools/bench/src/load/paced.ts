import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceUrls } from '@clawdesk/client';
import type { Question } from '../data-set.js';
import { Visitor, type Turn } from './visitor.js';

/** A question that was asked in a thread of its own, and what came of it. */
export interface Asked {
  question: Question;
  turn: Turn;
  conversation: string;
}

/**
 * Asks the questions at a steady rate, each in a new thread, whether or not earlier ones have been answered (open loop:
 * a slow server does not slow its customers down).
 */
export async function askPaced(
  urls: ServiceUrls,
  questions: readonly Question[],
  perSecond: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Asked[]> {
  const started = performance.now();
  let done = 0;
  const ask = async (question: Question): Promise<Asked> => {
    const visitor = await Visitor.arrive(urls);
    try {
      const turn = await visitor.ask(question.question);
      return { question, turn, conversation: visitor.thread.conversation };
    } finally {
      visitor.leave();
      onProgress((done += 1));
    }
  };
  const asked: Promise<Asked>[] = [];
  for (const [index, question] of questions.entries()) {
    const wait = started + (index * 1_000) / perSecond - performance.now();
    if (wait > 0) await pause(wait);
    asked.push(ask(question));
  }
  return Promise.all(asked);
}
