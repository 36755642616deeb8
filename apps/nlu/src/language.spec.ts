import { describe, expect, it } from 'vitest';
import { languageOf } from './language.js';

describe('languageOf', () => {
  it.each([
    ['en', 'How do I reset my password?'],
    ['en', 'Splitting conversations in gmail.'],
    ['en', 'hello'],
    ['en', 'What does the invoice of café Müller say?'],
    ['de', 'Wo ist mein Paket?'],
    ['de', 'Ich möchte mein Konto löschen'],
    ['fr', 'Bonjour, je voudrais annuler ma commande'],
    ['es', 'hola, quiero hablar con una persona'],
    ['es', '¿Dónde está mi pedido?'],
    ['it', 'Vorrei un rimborso, per favore'],
    ['pt', 'Não recebi a minha encomenda'],
    ['nl', 'Waar is mijn bestelling?'],
    ['pl', 'Gdzie jest moje zamówienie?'],
    ['sv', 'Var är min beställning?'],
    ['zh', '怎么重置密码?'],
    ['zh', '我的 iPhone 15 Pro Max 什么时候发货'],
    ['zh', '帮我 reset password'],
    ['zh', '退款 refund policy'],
    ['zh', '我想 cancel my subscription'],
    ['en', 'What does 退款 mean in the app?'],
    ['en', 'How do you say 我爱你 in an e-mail to friends?'],
    ['ja', 'パスワードを忘れました'],
    ['ja', '注文の確認'],
    ['ko', '비밀번호를 잊어버렸어요'],
    ['ru', 'Где мой заказ?'],
    ['uk', 'Де моє замовлення, коли воно приїде?'],
    ['ar', 'أين طلبي؟'],
    ['th', 'ฉันลืมรหัสผ่าน'],
  ])('finds %s in %j', (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  it('takes the hint when the text does not tell', () => {
    expect(languageOf('12345', 'de-AT')).toBe('de');
    expect(languageOf('Trello', 'zh_CN')).toBe('zh');
  });

  it('believes the text more than the hint', () => {
    expect(languageOf('怎么重置密码', 'en')).toBe('zh');
    expect(languageOf('Wo ist mein Paket?', 'en')).toBe('de');
  });

  it('says und when neither tells', () => {
    expect(languageOf('')).toBe('und');
    expect(languageOf('4711')).toBe('und');
    expect(languageOf('https://example.com/the/way/of/the/world')).toBe('und');
    expect(languageOf('4711', 'no-such-tag-at-all'.repeat(3))).toBe('no');
    expect(languageOf('4711', '<script>')).toBe('und');
  });
});
