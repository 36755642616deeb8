import type { Entity } from '@clawdesk/envelope';

/** As many as a record may carry, and how long a value may be. */
const most = 50;
const longestValue = 500;

/**
 * Every quantifier is bounded and no two neighbours match the same character, so that time grows with the length of
 * the text alone, whatever is written.
 */
const email =
  /(?<![\w.%+-])[a-z0-9](?:[\w%+-]|\.(?=[\w%+-])){0,63}@[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9])){1,250}(?![\w@-])/gi;

/** What is said before an order number. Up to 20 characters may stand between it and the number: `is`, `#`, `:`, `是`. */
const announced = /(?:\b(?:order|purchase|booking|reservation)\b|订单|訂單|定单|单号|單號|#|№)/gi;
const between =
  /^(?:[\s:：#№.\-是为為]|\b(?:number|numbers|no|nr|id|code|reference|ref|is|was|my|with|the)\b|编号|編號|号码|號碼|号|號|单){0,12}/i;
const numberLike = /^(?=[a-z-]{0,12}\d)[a-z0-9](?:[a-z0-9]|[-_](?=[a-z0-9])){2,39}(?![a-z0-9])/i;

/** E-mail addresses and order numbers of a text, in the order in which they stand there. */
export function entitiesIn(text: string): Entity[] {
  const emails = [...text.matchAll(email)].flatMap(({ 0: value, index }) =>
    /\.[a-z]{2,}$/i.test(value) ? [entity('email', value, index)] : [],
  );
  const orders = ordersIn(text).filter((order) => !emails.some((one) => overlap(one, order)));
  return [...emails, ...orders].sort((a, b) => a.start - b.start).slice(0, most);
}

function ordersIn(text: string): Entity[] {
  const found = new Map<number, Entity>();
  for (const { 0: announcement, index } of text.matchAll(announced)) {
    if (found.size >= most) break;
    const afterwards = index + announcement.length;
    const window = text.slice(afterwards, afterwards + 64);
    const gap = between.exec(window)?.[0].length ?? 0;
    const value = numberLike.exec(window.slice(gap))?.[0];
    if (value === undefined || !isNumber(value, announcement)) continue;
    const start = afterwards + gap;
    found.set(start, entity('order-number', value, start));
  }
  return [...found.values()];
}

/** Enough digits to be one: `order 2 shirts` names none, nor does a year's date. */
function isNumber(value: string, announcement: string): boolean {
  const digits = value.replaceAll(/\D/g, '').length;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  return announcement === '#' || announcement === '№' ? digits >= 4 : digits >= 3;
}

const entity = (type: string, value: string, start: number): Entity => ({
  type,
  value: value.slice(0, longestValue),
  start,
  end: start + value.length,
});

const overlap = (one: Entity, other: Entity): boolean => one.start < other.end && other.start < one.end;
