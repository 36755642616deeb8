import {
  Topics,
  type Envelope,
  type MessageReceived,
  type MessageUnderstood,
  type Outgoing,
} from '@clawdesk/envelope';
import { Consumer, Handles } from '@clawdesk/messaging';
import { entitiesIn } from './entities.js';
import { IntentClassifier } from './intent-classifier.js';
import { intentExamples } from './intent-examples.js';
import { languageOf } from './language.js';
import { sentimentOf } from './sentiment.js';

/** Says what a message is about, as far as can be told without looking anything up. */
@Consumer()
export class UnderstandMessage {
  private readonly classifier = new IntentClassifier(intentExamples);

  @Handles(Topics.messageReceived, { group: 'nlu.understand-message', kind: 'stateless' })
  understand(message: MessageReceived, _event: Envelope<MessageReceived>): Outgoing[] {
    const understood: MessageUnderstood = {
      // Spread first: fields that this version does not know go on as they came.
      ...message,
      language: languageOf(message.text, message.locale),
      intents: this.classifier.classify(message.text),
      entities: entitiesIn(message.text),
      sentiment: sentimentOf(message.text),
    };
    return [Topics.messageUnderstood.message(understood)];
  }
}
