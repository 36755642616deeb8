import type { Asked } from '../load/paced.js';
import type { Figures } from './figures.js';

/** Shares of the questions whose right article is cited first, and is among the first five passages. */
export function answerFigures(asked: readonly Asked[]): Figures {
  const share = (right: (one: Asked) => boolean): number => asked.filter(right).length / asked.length;
  // Asking back and handing off are replies too, but no answers.
  const answered = ({ turn }: Asked): boolean =>
    turn.state === 'answered' && turn.reply?.purpose === 'answer';
  return {
    'answers.r1': share(
      (one) => answered(one) && one.turn.reply?.citations?.[0]?.article === one.question.article,
    ),
    'answers.r5': share(
      (one) => answered(one) && (one.turn.reply?.considered ?? []).slice(0, 5).includes(one.question.article),
    ),
  };
}
