import type { Intent } from '@clawdesk/envelope';
import { intentNames, type Example } from './intent-examples.js';
import { Vocabulary } from './intent-features.js';

const training = {
  rounds: 30,
  rate: 0.3,
  /** Share of the truth that is spread over all intents: keeps confidences honest about what was never seen. */
  smoothing: 0.05,
  /** Pull of the weights towards zero. */
  decay: 1e-4,
};

/**
 * Softmax regression over words and parts of words, trained from examples when it is made (well below a second). The
 * same examples always give the same model.
 */
export class IntentClassifier {
  private readonly vocabulary: Vocabulary;
  private readonly numbers = new Map<string, number>();
  private readonly weights: Float64Array;

  constructor(examples: readonly Example[]) {
    const textsOf = (smallTalk: boolean): string[] =>
      examples.filter(({ intent }) => (intent !== 'other') === smallTalk).map(({ text }) => text);
    this.vocabulary = new Vocabulary(textsOf(true), textsOf(false));
    const rows = examples.map(({ text, intent }) => ({
      features: this.vocabulary.featuresOf(text).map((feature) => this.numberOf(feature)),
      truth: intentNames.indexOf(intent),
    }));
    this.weights = new Float64Array(this.numbers.size * intentNames.length);
    this.train(rows);
  }

  /** All intents with their probabilities, most likely first. */
  classify(text: string): Intent[] {
    const features = this.vocabulary
      .featuresOf(text)
      .map((feature) => this.numbers.get(feature))
      .filter((number) => number !== undefined);
    return [...this.probabilities(features)]
      .map((confidence, place) => ({ name: intentNames[place]!, confidence }))
      .sort((a, b) => b.confidence - a.confidence);
  }

  private numberOf(feature: string): number {
    const known = this.numbers.get(feature);
    if (known !== undefined) return known;
    this.numbers.set(feature, this.numbers.size);
    return this.numbers.size - 1;
  }

  /** AdaGrad: rare features learn as fast as frequent ones. */
  private train(rows: readonly { features: number[]; truth: number }[]): void {
    const { rounds, rate, smoothing, decay } = training;
    const intents = intentNames.length;
    const squares = new Float64Array(this.weights.length).fill(1e-3);
    const order = rows.map((_, place) => place);
    const random = lcg(12_345);
    for (let round = 0; round < rounds; round += 1) {
      shuffle(order, random);
      for (const place of order) {
        const { features, truth } = rows[place]!;
        const scale = 1 / Math.sqrt(features.length);
        const probabilities = this.probabilities(features);
        for (let intent = 0; intent < intents; intent += 1) {
          const target = (intent === truth ? 1 - smoothing : 0) + smoothing / intents;
          const error = (probabilities[intent]! - target) * scale;
          for (const feature of features) {
            const at = feature * intents + intent;
            const gradient = error + decay * this.weights[at]!;
            squares[at]! += gradient * gradient;
            this.weights[at]! -= (rate * gradient) / Math.sqrt(squares[at]!);
          }
        }
      }
    }
  }

  private probabilities(features: readonly number[]): Float64Array {
    const intents = intentNames.length;
    const scale = features.length > 0 ? 1 / Math.sqrt(features.length) : 0;
    const scores = new Float64Array(intents);
    for (const feature of features) {
      for (let intent = 0; intent < intents; intent += 1) {
        scores[intent]! += this.weights[feature * intents + intent]! * scale;
      }
    }
    const highest = Math.max(...scores);
    let sum = 0;
    for (let intent = 0; intent < intents; intent += 1)
      sum += scores[intent] = Math.exp(scores[intent]! - highest);
    return scores.map((score) => score / sum);
  }
}

/** Numbers in [0, 1), always the same ones. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function shuffle(order: number[], random: () => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
}
