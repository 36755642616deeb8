import { describe, expect, it } from 'vitest';
import { IntentClassifier } from './intent-classifier.js';
import { intentExamples, intentNames, type IntentName } from './intent-examples.js';

const classifier = new IntentClassifier(intentExamples);
const best = (text: string): string | undefined => classifier.classify(text)[0]?.name;

/** Sentences that are not among the examples. */
const heldOut: Readonly<Record<IntentName, readonly string[]>> = {
  greeting: [
    'Hi, good morning!',
    'hello good afternoon',
    'Hey, how are you?',
    'hi there, how are you doing today',
    'good morning to you',
    'Hello support',
    'hey hello',
    'hi hi',
    'HELLO?',
    'hellooooo',
    'hi, are you there?',
    'hello, is anyone there',
    'good evening team',
    'hey there, good day',
    '您好啊',
    '你好,早上好',
    '你好,在不在',
    '客服,在吗',
    '嗨,大家好',
    '有人在么',
    '请问有人吗',
    '晚上好,在吗',
  ],
  thanks: [
    'Thank you very much!',
    'thanks, you were very helpful',
    'ok thank you so much',
    'perfect, thanks a lot',
    'Great, that helped, thanks!',
    'thank you for the quick help',
    'thanks for your time',
    'many thanks for your help',
    'cool, thank you',
    'awesome, thanks so much',
    'thank you, goodbye and have a nice day',
    'thanks, it worked',
    'no, that is all, thank you',
    'I appreciate your time',
    '好的,非常感谢',
    '谢谢您的耐心',
    '太感谢您了',
    '嗯嗯,谢谢你',
    '明白了,多谢',
    '收到,谢谢您',
    '谢谢你的解答',
    '问题解决了,谢谢',
  ],
  'wants-person': [
    'I want to speak to a real human',
    'Can I please talk to a human being?',
    'let me speak to an agent',
    'could I talk to a representative please',
    'connect me to a real person please',
    'please transfer me to an agent',
    'I need to speak to a manager',
    'is there a real person I can speak to?',
    'HUMAN PLEASE',
    'agent now please',
    'I would like to talk to a human',
    'put me through to an agent',
    'hello, I want to speak to a person',
    'enough, give me a human',
    'can someone please call me back',
    'I want to speak to a human about my invoice',
    '我要转人工客服',
    '麻烦转人工客服',
    '有没有真人客服',
    '我想跟人工客服说话',
    '你好,帮我转人工',
    '请帮我找真人客服',
  ],
  other: [
    'hi, how do I reset my password?',
    'can a person delete my account',
    'thanks but it does not work',
    'hello, where can I download the invoice?',
    'good morning, my parcel has not come',
    'hey, do you ship to Canada?',
    'thanks, and where is my refund?',
    'thank you but the code is still rejected',
    'how do I add a person to my plan?',
    'can someone else use my voucher?',
    'how do I block a user?',
    'Which agent version do I have to install?',
    'voucher',
    'exchange rate',
    'my phone was stolen',
    'how long do I have to wait for the delivery?',
    'why does the page not load?',
    'I moved and need to change my address',
    '你好,我想改收货地址',
    '谢谢,但是我还是收不到验证码',
    '人工智能是什么意思',
    '怎么邀请朋友',
    '我的包裹丢了怎么办',
    '请问可以用支付宝吗',
  ],
};

describe('IntentClassifier', () => {
  it('has at least 60 examples of each intent, none twice', () => {
    for (const intent of intentNames) {
      expect(intentExamples.filter((example) => example.intent === intent).length).toBeGreaterThanOrEqual(60);
    }
    expect(new Set(intentExamples.map(({ text }) => text)).size).toBe(intentExamples.length);
  });

  it('understands 95 % of sentences that it has not learned from', () => {
    const known = new Set(intentExamples.map(({ text }) => text));
    const sentences = intentNames.flatMap((intent) => heldOut[intent].map((text) => ({ intent, text })));
    const unknown = sentences.filter(({ text }) => !known.has(text));
    const wrong = unknown.filter(({ intent, text }) => best(text) !== intent);
    expect(1 - wrong.length / unknown.length, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.95);
  });

  it('understands nine tenths of each fifth of its examples, learned from the others, and is as right as it is sure', () => {
    let right = 0;
    let sureness = 0;
    const strangers: string[] = [];
    for (let fold = 0; fold < 5; fold += 1) {
      const learned = new IntentClassifier(intentExamples.filter((_, place) => place % 5 !== fold));
      for (const { text, intent } of intentExamples.filter((_, place) => place % 5 === fold)) {
        const [first] = learned.classify(text);
        sureness += first!.confidence;
        if (first!.name === intent) right += 1;
        else if (intent === 'other' && first!.confidence > 0.9) strangers.push(text);
      }
    }
    expect(right / intentExamples.length).toBeGreaterThan(0.9);
    expect(Math.abs(sureness - right) / intentExamples.length).toBeLessThan(0.06);
    expect(strangers).toEqual([]);
  });

  it.each([
    'hi, how do I reset my password?',
    'can a person delete my account',
    'thanks but it does not work',
    '你好,怎么重置密码?',
    '谢谢,但是还是不行',
    'thanksgiving discount',
    'banana',
    'a question about something that none of the examples mentions: quasars',
  ])('takes %j for something to look up', (text) => {
    expect(best(text)).toBe('other');
  });

  // The decision to bring in a person asks for at least this much.
  it.each([
    'this bot is useless',
    'talk to sales',
    'I need help from someone',
    'please escalate',
    'can somebody from your team help me?',
    'put me through to the billing department',
    '这个机器人没用',
  ])('is sure that %j wants a person', (text) => {
    expect(classifier.classify(text)[0]).toMatchObject({ name: 'wants-person' });
    expect(classifier.classify(text)[0]!.confidence).toBeGreaterThanOrEqual(0.5);
  });

  it.each([
    'how do I add a bot to my group?',
    'the search is useless',
    'how do I escalate a support ticket?',
    'I need help with sales tax',
    'can someone help me with my invoice?',
    'where is the sales page?',
    'support',
  ])('brings in nobody for %j', (text) => {
    const person = classifier.classify(text).find(({ name }) => name === 'wants-person');
    expect(person!.confidence).toBeLessThan(0.5);
  });

  it('gives all intents, most likely first, with confidences that make 1', () => {
    const intents = classifier.classify('good morning');
    expect(intents.map(({ name }) => name).sort()).toEqual([...intentNames].sort());
    expect(intents.map(({ confidence }) => confidence)).toEqual(
      intents.map(({ confidence }) => confidence).sort((a, b) => b - a),
    );
    expect(intents.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 10);
  });

  it('learns the same from the same examples', () => {
    const again = new IntentClassifier(intentExamples);
    for (const text of ['hi', 'thank you', '转人工', 'where is it?']) {
      expect(again.classify(text)).toEqual(classifier.classify(text));
    }
  });

  it('answers texts without a word', () => {
    for (const text of ['', ' ', '…', '?'.repeat(10_000), 'a'.repeat(10_000)]) {
      expect(classifier.classify(text).every(({ confidence }) => Number.isFinite(confidence))).toBe(true);
    }
  });
});
