/** What customers write when they want a human being to answer. One example per line. */
export const wantsPerson = `
I want to talk to a person
I want to talk to a human
I want to speak to a human
I want to speak with a human being
I want to speak to a real person
I want to speak with someone
I want to talk to someone
I want a human
I want a real person
I want an agent
I need a human
I need a person
I need an agent
I need a real person to help me
I need to talk to a person
I need to speak to a human
I need to speak with an agent
I need to talk to someone
I need to speak to someone about this
I would like to speak to a person
I would like to talk to an agent
I would like to speak with a representative
I would like to chat with a human
I'd like to talk to a real person
I'd like to speak with a human please
I'd like to be connected to an agent
I'd rather talk to a human
I would rather speak to a person
I prefer to talk to a human
I don't want to talk to a bot
I do not want to talk to a machine
I don't want a bot, I want a person
stop, I want a human
no more bot please
no bots please, a human
can I talk to a person
can I talk to a human
can I talk to a human?
can I talk to a real person?
can I talk to someone?
can I talk to someone please
can I speak to a person?
can I speak to a human?
can I speak to an agent?
can I speak with a representative?
can I speak to a manager?
can I speak to your supervisor?
can I speak to someone in charge?
can I chat with a real person?
can I chat with an agent?
can i get a human
can I get a real person?
can I get an agent please
can I have a human please
can I have an agent?
could I speak to a person please
could I talk to someone real?
could I please speak with an agent
could you connect me to a human
could you connect me with a person?
could you transfer me to an agent
could you put me through to someone
can you connect me to a person?
can you connect me with an agent?
can you transfer me to a human?
can you transfer me to a person
can you hand me over to a colleague
can you get me a human
can you put me through to a real person?
can somebody real talk to me
can a human help me?
can a real person help me please
can a person answer me
may I speak to a human?
may I talk to a person please
let me talk to a human
let me talk to a person
let me speak to a human
let me speak to a manager
let me speak with someone
let me speak to a real human being
please let me talk to an agent
please connect me to an agent
please connect me with a human
please transfer me to a person
please transfer me to a human agent
please put me through to a person
please hand me over to a human
please get me a person
please get a human
please give me a real person
please forward me to a colleague
connect me to a human
connect me to an agent
connect me with a person
connect me with customer service
transfer me to an agent
transfer me to a human
transfer to human
transfer to agent
put me through to a human
put me through to someone
put me through to customer service
get me a human
get me a manager
get me a real person
give me a human
give me an agent
give me a person
speak to a human
speak to a person
speak to agent
speak to representative
speak with a person
speak with an agent
talk to a human
talk to a person
talk to an agent
talk to a real person
talk to someone
talk to customer service
chat with a human
chat with an agent
human
human!
human please
human agent
human agent please
human being please
human support
a human please
a real human
a real person please
a person please
real person
real person please
real human please
person please
person
agent
agent!
agent please
agent please!
live agent
live agent please
live chat with a person
live person please
live support please
representative
representative please
operator
operator please
manager please
supervisor please
customer service representative
customer service agent please
is there a human I can talk to?
is there a person I can talk to?
is there a real person there?
is there someone I can talk to?
is there anyone I can speak to?
is there a human here?
is anyone human there?
how do I talk to a human?
how do I talk to a person?
how do I speak to an agent?
how can I speak to a person?
how can I talk to a real person?
how can I reach a human?
how do I reach a human agent?
where can I talk to a human?
who can I talk to?
who can I speak to?
I am tired of this bot, give me a person
this bot is useless, I want a human
you are a bot, I want a person
you don't understand me, I want a human
you do not understand, get me a person
this is not helping, let me talk to a person
this doesn't help, connect me to an agent
thanks but I want to talk to a human
hi, I want to talk to a person
hello, can I talk to a human?
hi, can I speak to an agent please
hello, please connect me to a person
hey, get me a human
I want to talk to a human about my order
I want to speak to a person about my bill
I want to speak to someone about my refund
can I talk to a person about my account?
can I speak to someone about a payment?
I need to speak with an agent about my delivery
please let a human look at this
please have someone call me
please call me
can someone call me?
can somebody call me back
I want someone to call me
I want to complain to a manager
I demand to speak to a manager
I want your supervisor
escalate to a human
escalate this to a person
please escalate to an agent
this bot is no use, get me someone
this bot is useless!
this bot is a waste of time
this bot can't help me
this bot does not help me
this chatbot is useless
the chatbot is useless
what a useless bot
you are a useless bot
bots are no help
your bot is no help
your bot does not understand me
I am sick of this bot
I am fed up with bots
enough of this bot
stop this bot
no bot
no more bots
I want to talk to sales
can I talk to your sales team?
let me talk to sales
talk to the sales team
speak to sales
speak to someone in sales
connect me to sales please
put me through to the sales department
I want to speak to your support team
let me talk to support
talk to your support team
speak to technical support
put me through to billing
put me through to accounting please
connect me to the billing department
transfer me to technical support
I need help from a person
I need help from a human
I need help from someone real
I need help from somebody, not from a bot
I need help from one of your people
I would like help from a person
I want help from someone in your team
can I get help from someone?
can I get help from a person?
could I get some help from a real person?
someone please help me, not a bot
can somebody from your staff help me?
can someone from support contact me?
I would like to talk to a member of staff
escalate
escalate please
escalate this please
please escalate this
please escalate my case
I want this escalated
I want to escalate my complaint
get me your boss
I want to talk to your boss
I asked for a human
I said I want a person
ich möchte mit einem Menschen sprechen
je veux parler à une personne
quiero hablar con una persona
转人工
转人工!
转人工客服
转人工服务
请转人工
请转人工客服
帮我转人工
帮我转人工客服
帮我转接人工
麻烦转人工
麻烦转一下人工
麻烦帮我转人工客服
快转人工
给我转人工
我要转人工
我想转人工
能转人工吗
能不能转人工
可以转人工吗
可以帮我转人工吗
怎么转人工
如何转人工
怎么联系人工客服
怎么找人工客服
怎么才能找到人工
人工
人工!
人工客服
人工客服!
人工服务
人工服务谢谢
人工在吗
人工客服在吗
有人工吗
有人工客服吗
有没有人工
有没有人工客服
有没有真人
有真人吗
真人
真人客服
真人服务
我要人工
我要人工客服
我要人工服务
我要真人
我要真人客服
我要找人工
我要找真人
我要找客服
我要找你们经理
我要找你们领导
我要和人说话
我要跟人工聊
我要跟真人说话
我想找人工客服
我想找真人客服
我想找个人聊
我想和真人聊聊
我想和人工客服说话
我想跟客服人员沟通
我想跟真人沟通
我想跟人工沟通一下
我需要人工
我需要人工客服
我需要人工帮助
我需要真人帮助
请接人工
请帮我接人工客服
接人工
接通人工
接人工客服
找人工
找人工客服
找真人
叫人工来
叫你们经理来
让人工来
让人工客服来
让真人跟我说
让真人来回答
让你们经理跟我说
不要机器人
不要机器人,要人工
不想跟机器人聊
我不想和机器人说话
我不要机器人,我要人工
别用机器人,转人工
机器人没用,转人工
你是机器人吧,我要人工
这个机器人太没用了
机器人帮不了我
你们的机器人没用
我要找销售人员
我想跟销售聊聊
请升级处理我的投诉
你听不懂,转人工
没有解决,转人工
你好,转人工
您好,请转人工
您好,我要人工客服
你好,我想找人工
谢谢,请转人工
请给我打电话
请让客服给我回电话
能给我回个电话吗
可以让人给我打电话吗
请让专人联系我
请安排专人处理
我要投诉,找你们经理
订单的事我要找人工
退款的事我想找真人客服
关于账单我要跟人工说
`;
