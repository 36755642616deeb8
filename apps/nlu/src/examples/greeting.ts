/** What customers write to say hello, and nothing else. One example per line. */
export const greeting = `
hi
hi!
hi there
hi there!
hello
Hello!
hello there
hello, hello
hellooo
hey
hey!
hey there
heyy
hey hey
hey you
hey guys
hey team
hi team
hi all
hi everyone
hello everybody
hello team
hello again
hi again
hey again
hey bot
hi bot
hello bot
hello support
hi support team
good morning
Good morning!
good morning everyone
good morning team
morning
morning!
good afternoon
good afternoon team
afternoon
good evening
evening
good evening everyone
good day
good day to you
g'day
greetings
greetings!
howdy
howdy!
yo
yo!
sup
what's up
what's up?
whats up
hiya
hiya!
hello, how are you?
hi how are you
hi, how are you doing?
hey, how are you doing today?
how are you
how are you?
how are you today?
how are you doing?
how's it going
how's it going?
hey how's it going
hope you are well
hi, hope you are doing well
hi, I hope you're having a good day
nice to meet you
hello, nice to meet you
hello, good morning
hi, good evening
hello sir
hello madam
dear support team
dear sir or madam
dear all
hello hello anyone there
hello?
hello? anybody there?
hi, anyone there?
is anyone there?
are you there?
anybody home?
you there?
hi :)
hello :-)
hey 👋
👋
hi 😊
hello from Berlin
hola
hallo
guten Tag
bonjour
salut
buenos días
ciao
long time no see
welcome back to me
happy new year
merry christmas
你好
你好!
你好啊
你好呀
你好你好
您好
您好!
您好呀
大家好
嗨
嗨,你好
嗨!
哈喽
哈啰
哈喽哈喽
喂
喂,你好
喂?
早
早安
早上好
早上好啊
上午好
中午好
下午好
下午好呀
晚上好
晚上好啊
晚安
在吗
在吗?
在不在
在么
你在吗
您在吗
客服在吗
客服你好
客服您好
亲,在吗
亲在吗
亲,你好
有人吗
有人在吗
有人吗?
请问在吗
你好,在吗
您好,请问在吗
你好,有人吗
最近好吗
你好吗
你还好吗
很高兴认识你
好久不见
hi你好
hello你好
新年快乐
节日快乐
各位好
小助手你好
机器人你好
老师好
`;
