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

/** What is said before an order number. Up to 12 words or signs may stand between it and the number: `is`, `#`, `:`, `是`. */
const announced =
  /(?:\b(?:orders?|ord|purchases?|bookings?|reservations?|ordernummer|bestell(?:ung|ing|nummer|nr)|bestelnummer|auftrag(?:snummer)?|commande|pedido|encomenda|ordine)(?![a-z])|订单|訂單|定单|单号|單號|#|№)/gi;
const between =
  /^(?:[\s:：#№°º.\-是为為]|\b(?:numbers?|no|nr|id|ids|code|reference|ref|is|are|was|my|with|the|and|nummer|n|numéro|número|numero|ist)\b|编号|編號|号码|號碼|号|號|单){0,12}/i;
const numberLike = /^(?=[a-z-]{0,12}\d)[a-z0-9](?:[a-z0-9]|[-_](?=[a-z0-9])){2,39}(?![a-z0-9])/i;
/** "My order, placed on Monday, number 778899": a phone number would have its kind before the word. */
const namedLater =
  /^[^.!?\n]{0,60}?[,;，；(]\s{0,3}(?:with |its |the |order ){0,2}(?:number|no|nr)\b[\s.:#]{0,4}(?:is )?/i;
/** A number that says by itself what it is: `ORD-2024-0001`. */
const prefixed = /(?<![\w-])ord[-_]?\d(?:[a-z0-9]|[-_](?=[a-z0-9])){2,39}(?![a-z0-9])/gi;
/** What leads from one number to the next. */
const listed = /^\s{0,3}(?:,|、|，|&|and\b|or\b|und\b|et\b|y\b|和|跟){1,2}\s{0,3}#?/i;

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
  const add = (value: string, start: number): void => {
    const order = entity('order-number', value, start);
    if (![...found.values()].some((known) => overlap(known, order))) found.set(start, order);
  };
  for (const { 0: value, index } of text.matchAll(prefixed)) {
    if (found.size >= most) return [...found.values()];
    add(value, index);
  }
  for (const { 0: announcement, index } of text.matchAll(announced)) {
    let at = index + announcement.length;
    let value = valueAfter(text, at, between) ?? valueAfter(text, at, namedLater);
    while (value && found.size < most && isNumber(value.text, announcement)) {
      add(value.text, value.start);
      at = value.start + value.text.length;
      const next = valueAfter(text, at, listed);
      // "order 12345, 500 euros" names one order: its numbers look alike.
      value = next && shape(next.text) === shape(value.text) ? next : undefined;
    }
    if (found.size >= most) break;
  }
  return [...found.values()];
}

/** What looks like a number behind the words that lead to it. */
function valueAfter(text: string, at: number, leading: RegExp): { text: string; start: number } | undefined {
  const window = text.slice(at, at + 120);
  const gap = leading.exec(window)?.[0].length;
  const value = gap === undefined ? undefined : numberLike.exec(window.slice(gap))?.[0];
  return value === undefined ? undefined : { text: value, start: at + gap! };
}

const shape = (value: string): string => value.replaceAll(/\d/g, '0').replaceAll(/[a-z]/gi, 'a');

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
