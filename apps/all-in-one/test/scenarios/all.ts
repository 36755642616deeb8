import { answers } from './answers.js';
import { deadLetters } from './dead-letters.js';
import { isolation } from './isolation.js';
import { people } from './people.js';
import { stream } from './stream.js';
import { tracing } from './tracing.js';

/** What every host of the services must do alike. */
export const scenarios = [answers, people, stream, isolation, tracing, deadLetters];
