import type { FollowUpLimits } from './follow-up.js';

export interface DecisionConfig {
  /**
   * Least share (0…1) of the question's weight that the best article must cover to be worth answering from.
   * Low on purpose: a cited answer that misses costs the customer a glance, a needless question back costs a turn.
   */
  answerCoverage: number;
  /** When a message after an answered question is searched again together with that question. */
  followUp: FollowUpLimits;
  /** Least confidence of nlu for greeting, thanking and asking for a person. */
  greetConfidence: number;
  thankConfidence: number;
  personConfidence: number;
  /** Questions in a row without an answer after which a person is brought in. */
  nothingFoundLimit: number;
  /** Earlier messages that generation sees, and how much of each (a record is at most 256 KiB). */
  contextMessages: number;
  contextCharacters: number;
  /** Length of the standing question, and of the query of a second retrieval. */
  topicCharacters: number;
  queryCharacters: number;
}

/** Calibrated on shared help-centre questions: see README. */
export const decisionConfig: DecisionConfig = {
  answerCoverage: 0.15,
  followUp: { weakCoverage: 0.35, openingCoverage: 0.6 },
  greetConfidence: 0.5,
  thankConfidence: 0.5,
  personConfidence: 0.5,
  nothingFoundLimit: 2,
  contextMessages: 10,
  contextCharacters: 1_500,
  topicCharacters: 900,
  queryCharacters: 2_000,
};

/** Months of the timeline that are made ahead, and how often that is looked after. */
export const timelineConfig = { monthsAhead: 3, maintenanceMs: 6 * 60 * 60 * 1000 };
