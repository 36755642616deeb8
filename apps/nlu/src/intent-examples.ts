import { greeting } from './examples/greeting.js';
import { other } from './examples/other.js';
import { otherChinese } from './examples/other-chinese.js';
import { otherPeople } from './examples/other-people.js';
import { thanks } from './examples/thanks.js';
import { wantsPerson } from './examples/wants-person.js';

/** What a customer can want, as far as small talk goes; everything that has a subject is `other`. */
export const intentNames = ['greeting', 'thanks', 'wants-person', 'other'] as const;
export type IntentName = (typeof intentNames)[number];

export interface Example {
  text: string;
  intent: IntentName;
}

const lines = (intent: IntentName, text: string): Example[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ text: line, intent }));

/** What the classifier learns from. A sentence that is understood wrongly is mended by adding ones like it here. */
export const intentExamples: readonly Example[] = [
  ...lines('greeting', greeting),
  ...lines('thanks', thanks),
  ...lines('wants-person', wantsPerson),
  ...lines('other', other),
  ...lines('other', otherPeople),
  ...lines('other', otherChinese),
];
