import { describe, expect, it } from 'vitest';
import { entitiesIn } from './entities.js';

const found = (text: string): string[] => entitiesIn(text).map(({ type, value }) => `${type} ${value}`);

describe('entitiesIn', () => {
  it.each([
    ['order #A-10293 has not arrived', 'order-number A-10293'],
    ['Where is my order 20231234?', 'order-number 20231234'],
    ['my order number is 4711-22.', 'order-number 4711-22'],
    ['Order no. AB123456 please', 'order-number AB123456'],
    ['it is about #10293', 'order-number 10293'],
    ['my booking: 1Z999AA10123456784', 'order-number 1Z999AA10123456784'],
    ['订单号 20231234', 'order-number 20231234'],
    ['订单号:20231234什么时候发货', 'order-number 20231234'],
    ['我的订单编号是A-10293', 'order-number A-10293'],
    ['我的订单20231234还没到', 'order-number 20231234'],
    ['ORD-2024-0001 has not arrived', 'order-number ORD-2024-0001'],
    ['Where is ORD123456?', 'order-number ORD123456'],
    ['order12345', 'order-number 12345'],
    ['My order, placed on 12/03/2024, number 778899', 'order-number 778899'],
    ['Bestellnummer 12345', 'order-number 12345'],
    ['Meine Bestellung Nr. 4711-22 fehlt', 'order-number 4711-22'],
    ['ma commande n° 20231234', 'order-number 20231234'],
    ['order 12345, 500 euros', 'order-number 12345'],
    ['write to anna.b+shop@mail.example.co.uk, please', 'email anna.b+shop@mail.example.co.uk'],
    ['我的邮箱是anna@example.com谢谢', 'email anna@example.com'],
    ['Anna@Example.COM.', 'email Anna@Example.COM'],
  ])('finds in %j: %s', (text, entity) => {
    expect(found(text)).toEqual([entity]);
  });

  it.each([
    'I would like to order 2 shirts',
    'order in 2023',
    'can I order on 2024-05-01?',
    'in order to log in',
    'a@b',
    '@anna',
    'we are #1',
    'border 12345',
    'border12345',
    'record 12345, chord123456',
    'my order has not come, my phone number is 5551234',
    'I placed an order on 12/03/2024, call me',
    '',
  ])('finds nothing in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ['orders 12345 and 67890', ['12345', '67890']],
    ['Orders A-10293, A-10294 and A-10295 are late', ['A-10293', 'A-10294', 'A-10295']],
    ['订单12345和67890', ['12345', '67890']],
    ['order #12345, #12346', ['12345', '12346']],
    ['ORD-2024-0001 and ORD-2024-0002', ['ORD-2024-0001', 'ORD-2024-0002']],
  ])('finds all that are listed in %j', (text, numbers) => {
    expect(found(text)).toEqual(numbers.map((number) => `order-number ${number}`));
  });

  it('says where they stand', () => {
    const text = '👋 anna@example.com, order #A-10293';
    for (const { value, start, end } of entitiesIn(text)) expect(text.slice(start, end)).toBe(value);
    expect(found(text)).toEqual(['email anna@example.com', 'order-number A-10293']);
  });

  it('carries no more than a record may', () => {
    expect(entitiesIn('order #12345 '.repeat(700))).toHaveLength(50);
    expect(entitiesIn('a@example.com '.repeat(700))).toHaveLength(50);
  });

  const almost = `a@${'a'.repeat(60)}@ `;
  // With a pattern that backtracks, one of these would take hours.
  it.each([
    'a',
    'a.',
    'a@',
    'a@b.',
    'order ',
    'order #',
    '#',
    '@',
    '订单',
    'order number is ',
    'order, ',
    'order, number ',
    'order, with its the ',
    'orders 12345 and ',
    'ord-',
    'ord1-',
    '1-',
    'a%',
    '.a@a',
    almost,
  ])('comes to an end with 300,000 characters made of %j', (piece) => {
    expect(entitiesIn(piece.repeat(300_000 / piece.length)).length).toBeLessThanOrEqual(50);
  });
});
