// Everything of Unicode's control characters but tab and newline.
// eslint's no-control-regex does not apply to properties, so the range is named by its property.
const controls = /(?![\n\t])\p{Cc}/gu;

/**
 * A customer's text in the one form in which all services see it: canonical composition, newlines as `\n`, no other
 * control characters, nothing that is not Unicode, no blanks around it.
 */
export const cleanText = (text: string): string =>
  text.toWellFormed().normalize('NFC').replace(/\r\n?/g, '\n').replace(controls, '').trim();

/** Length as people and the schemas count it: in code points. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
