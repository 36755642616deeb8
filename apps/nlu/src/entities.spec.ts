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
    '',
  ])('finds nothing in %j', (text) => {
    expect(found(text)).toEqual([]);
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
    '1-',
    'a%',
    '.a@a',
    almost,
  ])('comes to an end with 300,000 characters made of %j', (piece) => {
    expect(entitiesIn(piece.repeat(300_000 / piece.length)).length).toBeLessThanOrEqual(50);
  });
});
