import type { Phrases } from './phrases.js';

export const zh: Phrases = {
  greet: '您好！请问有什么可以帮您？',
  thank: '不客气！如果还有其他问题，随时告诉我。',
  askBack:
    '抱歉，我没有找到相关内容。您可以换个说法，或者再补充一些细节吗？如果您想和人工客服沟通，直接告诉我就好。',
  handOffWanted: '好的，我马上请同事来帮您，他会在这里直接回复您。',
  handOffNothingFound: '抱歉，这个问题我找不到答案。我马上请同事来帮您，他会在这里直接回复您。',
  found: (title) => `我在《${title}》中找到了以下内容：`,
  foundInLanguage: (title, language) => `我在《${title}》中找到了以下内容（原文为${language}）：`,
  also: (title) => `《${title}》中也提到：`,
};
