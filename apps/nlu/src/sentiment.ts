const list = (words: string): string[] => words.split(/\s+/u);

const positive = new Set(
  list(`good great excellent perfect awesome amazing wonderful fantastic brilliant love loved like happy glad pleased
satisfied nice helpful friendly kind fast quick easy thanks thank thx appreciate appreciated best better works worked
solved fixed recommend cool super beautiful delighted`),
);
const negative = new Set(
  list(`bad terrible horrible awful worst worse hate hated angry furious annoyed annoying disappointed disappointing
frustrated frustrating useless broken wrong slow late missing lost damaged defective fail failed fails failing error
errors crash crashes problem problems issue issues rude scam fraud ridiculous unacceptable stolen cheated impossible
complaint complain sad unhappy poor sucks never stuck ugly disgusting`),
);
const negations = new Set(
  list(`not no don't doesn't didn't isn't wasn't aren't can't cannot won't never hardly without`),
);

const chinese: readonly [RegExp, number][] = [
  [/谢谢|感谢|多谢|满意|喜欢|很好|太好|真好|不错|棒|优秀|完美|开心|高兴|给力|赞|方便|贴心|推荐|解决了/gu, 1],
  [
    /生气|愤怒|失望|垃圾|差劲|太差|很差|糟糕|恶心|骗子|欺骗|骗人|投诉|举报|坏了|破损|错误|失败|无语|太慢|没用|难用|讨厌|烦|气死|不满|后悔|丢了|闪退/gu,
    -1,
  ],
  [/不满意|不喜欢|不好|不开心|不高兴|不方便|不推荐|没解决|没有解决|未解决/gu, -2],
];
const longest = 4_000;

/**
 * How a text sounds, −1 … 1, by the words in it: a hint for people who sort conversations, nothing that decisions
 * hang on. 0 when no word tells.
 */
export function sentimentOf(text: string): number {
  const looked = text.slice(0, longest).toLowerCase().replaceAll('’', "'");
  const words = looked.match(/[a-z']+/g) ?? [];
  let sum = 0;
  let telling = 0;
  words.forEach((word, place) => {
    const value = positive.has(word) ? 1 : negative.has(word) ? -1 : 0;
    if (value === 0) return;
    const negated = words.slice(Math.max(0, place - 3), place).some((before) => negations.has(before));
    // "not bad" is not as good as "good".
    sum += negated ? (value > 0 ? -1 : 0.5) : value;
    telling += 1;
  });
  for (const [pattern, value] of chinese) {
    const count = looked.match(pattern)?.length ?? 0;
    sum += count * value;
    // The negated ones contain a positive one that was counted before.
    if (value !== -2) telling += count;
  }
  if (telling === 0) return Math.max(-1, Math.min(1, sum));
  const shouted = /[!！]{2,}/.test(text) ? 1.25 : 1;
  const mean = (sum / (telling + 1)) * 1.5 * shouted;
  return Math.round(Math.max(-1, Math.min(1, mean)) * 100) / 100;
}
