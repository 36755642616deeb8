import type { Phrases } from './phrases.js';

export const en: Phrases = {
  greet: 'Hello! What can I help you with?',
  thank: 'You’re welcome! If anything else comes up, just write.',
  askBack:
    'I’m sorry, I didn’t find anything about that. Could you put it in other words, or tell me a little more? ' +
    'If you would rather talk to a person, just say so.',
  handOffWanted: 'Of course. I’m bringing in a colleague, who will answer you right here.',
  handOffNothingFound:
    'I’m sorry, I can’t find an answer to this. I’m bringing in a colleague, who will answer you right here.',
  found: (title) => `Here is what I found in “${title}”:`,
  foundInLanguage: (title, language) =>
    `Here is what I found in “${title}”, which is written in ${language}:`,
  also: (title) => `There is also this in “${title}”:`,
};
