/**
 * Words that say nothing about what is asked. They are neither indexed nor counted in a question's coverage, so that
 * a question of which only these are found counts as not found.
 */
const english = `a an the i me my mine we us our ours you your yours he him his she her hers it its they them their
theirs is are was were be been being am do does did done doing can could will would should shall may might must have
has had having of in on at to for from by with about into onto as and or but if then than that this these those there
here what which who whom whose when where why how not no nor so just any some all each such only own same too very
also again once out up down over under off above below between through during before after until while because
im ive id dont doesnt didnt cant wont isnt arent t s re ve ll d m
hi hello hey dear please pls thanks thank ok okay yes want wanna need know tell help get got way possible
something anything`;

const chinese = `的 了 吗 呢 吧 啊 呀 哦 嘛 么 我 你 您 他 她 它 们 我们 你们 他们 咱们 自己 是 在 有 和 与 及 或 就 都 也 很 还 又 才 把 被 给 对 从 向
到 为 以 于 之 其 这 那 这个 那个 这些 那些 这里 那里 哪 哪里 哪儿 哪个 怎么 怎样 怎么样 怎么办 如何 什么 为什么 为何 多少 几 谁 何时 请 请问 请教
一下 一个 可以 能 能否 能不能 可不可以 可否 会 要 想 想要 需要 应该 没 没有 不 不能 吗 您好 你好 谢谢 麻烦 帮 帮忙 帮我 告诉 知道 个 些 着 过 得 地 上 下 里 中`;

const german = `der die das den dem des ein eine einen einem einer und oder aber ich du er sie es wir ihr mich mir
mein meine meinen meinem meiner ist sind war bin habe hat kann können wie was wo wann warum wer nicht kein keine mit
von zu zum zur auf für im in an bei aus bitte danke hallo`;

const french = `le la les l un une des du de d et ou mais je tu il elle nous vous ils elles mon ma mes votre vos est
sont as a avez peux peut puis comment quoi que qui où ou quand pourquoi ne pas ce cette ces dans sur pour par avec
bonjour merci svp`;

const spanish = `el la los las un una unos unas y o pero yo tu mi mis su sus es son está estan estoy he ha puedo puede
cómo como qué que quién dónde donde cuándo cuando por para con de del en no me se lo al hola gracias favor`;

const fold = (word: string): string =>
  word
    .normalize('NFD')
    .replaceAll(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC');

export const stopWords: ReadonlySet<string> = new Set(
  [english, chinese, german, french, spanish].flatMap((words) => words.split(/\s+/u).map(fold)),
);
