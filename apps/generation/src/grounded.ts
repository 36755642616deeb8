import type { Passage } from '@clawdesk/envelope';
import { withoutMarkers, type Answer } from './compose-answer.js';

/** White space may differ between a quotation and its source: lines are joined and broken anew. */
const folded = (text: string): string => text.replace(/[\s…]+/gu, '');

/**
 * What is wrong with an answer: claims without a citation, citations that lead nowhere, and claims that do not stand in
 * the passages of the article they cite. Empty when it is grounded.
 */
export function ungrounded(answer: Answer, passages: readonly Passage[]): string[] {
  const problems: string[] = [];
  let rest = answer.text;
  for (const leadIn of answer.leadIns) {
    if (rest.includes(leadIn)) rest = rest.replace(leadIn, () => '');
    else problems.push('a lead-in is not in the text');
  }
  const used = new Set<number>();
  let claimFrom = 0;
  for (const marker of rest.matchAll(/\[(\d+)\]/g)) {
    const number = Number(marker[1]);
    const claim = folded(rest.slice(claimFrom, marker.index));
    claimFrom = marker.index + marker[0].length;
    used.add(number);
    const citation = answer.citations.find((candidate) => candidate.number === number);
    if (!citation) problems.push(`[${number}] is no citation`);
    else if (claim === '') problems.push(`[${number}] cites nothing`);
    else if (!standsIn(claim, citation, passages))
      problems.push(`a claim does not stand in its source [${number}]`);
  }
  if (folded(rest.slice(claimFrom)) !== '') problems.push('a claim has no citation');
  for (const { number } of answer.citations)
    if (!used.has(number)) problems.push(`citation ${number} is not in the text`);
  return problems;
}

/** Whether every claim of an answer stands in a cited passage and every citation resolves. */
export const grounded = (answer: Answer, passages: readonly Passage[]): boolean =>
  ungrounded(answer, passages).length === 0;

const standsIn = (
  claim: string,
  source: { article: string; version: number },
  passages: readonly Passage[],
): boolean =>
  passages.some(
    (passage) =>
      passage.article === source.article &&
      passage.version === source.version &&
      folded(withoutMarkers(passage.text)).includes(claim),
  );
