/** What customers write to say thank you or goodbye after help, and nothing else. One example per line. */
export const thanks = `
thanks
thanks!
Thanks a lot
thanks a lot!
thanks so much
thanks very much
thanks a million
thanks a bunch
thanks a ton
thanks again
thanks again!
many thanks
many thanks!
much appreciated
appreciated
much obliged
thank you
Thank you!
thank you so much
thank you very much
thank you very very much
thank you for your help
thank you for your help!
thank you for the help
thank you for the quick reply
thank you for your quick response
thank you for the information
thank you for the answer
thank you for your time
thank you for explaining
thank you for letting me know
thank you, that helped
thank you, that helps a lot
thank you, it works now
thank you, it worked
thank you, you are great
thank you kindly
thank you all
thank you again for everything
thanks for your help
thanks for the help
thanks for the quick answer
thanks for the fast reply
thanks for the info
thanks for the information
thanks for explaining
thanks for clearing that up
thanks for your patience
thanks for your support
thanks, that helps
thanks, that worked
thanks, that solved it
thanks, that was helpful
thanks, that did the trick
thanks, it works now
thanks, it is working again
thanks, all good now
thanks, got it
thanks, perfect
thanks, great
thanks, bye
thanks mate
thanks buddy
thanks man
thanks, have a nice day
thank you and have a great day
thx
thx!
thx a lot
thnx
tnx
ty
ty!
tysm
tyvm
cheers
cheers!
cheers mate
great, thanks
great, thank you
perfect, thanks
perfect, thank you
perfect, thank you so much
ok thanks
ok, thanks
okay thank you
ok great thanks
ok cool thanks
cool, thanks
awesome, thanks
awesome, thank you
wonderful, thank you
excellent, thank you
super, thanks
got it, thanks
got it, thank you
alright thanks
oh great, thank you
yes, thank you
no, thank you
no thanks, that is all
that's all, thanks
that is all, thank you
that's very kind, thank you
that helped, thanks
that worked, thanks
that worked, thank you
it works, thanks
it works now, thank you
solved, thanks
you solved it, thank you
you are the best
you're the best, thanks
you are awesome
you were very helpful
very helpful, thank you
that was very helpful
that was quick, thank you
great help
great service, thanks
I appreciate it
I really appreciate it
I really appreciate your help
I appreciate your help
really appreciate it
so kind of you
how kind, thanks
bless you
👍 thanks
🙏
thanks 🙏
thanks 😊
danke
danke schön
vielen Dank
merci
merci beaucoup
gracias
muchas gracias
grazie
thank you, goodbye
thanks, goodbye
thanks and bye
谢谢
谢谢!
谢谢你
谢谢您
谢谢啊
谢谢啦
谢谢了
谢啦
谢了
多谢
多谢!
多谢了
非常感谢
非常感谢!
十分感谢
万分感谢
太感谢了
太谢谢了
太谢谢你了
感谢
感谢!
感谢您
感谢你
感谢帮助
感谢您的帮助
感谢你的帮助
感谢您的回复
感谢您的耐心解答
谢谢你的帮助
谢谢您的帮助
谢谢您的解答
谢谢你的回答
谢谢回复
谢谢你的耐心
谢谢客服
谢谢亲
好的谢谢
好的,谢谢
好的,谢谢您
好的,多谢
好,谢谢
嗯,谢谢
嗯嗯谢谢
哦,谢谢
行,谢谢
明白了,谢谢
明白了谢谢你
知道了,谢谢
知道了,谢谢您
了解了,谢谢
清楚了,谢谢
收到,谢谢
收到,感谢
解决了,谢谢
解决了,非常感谢
已经解决了,谢谢
可以了,谢谢
搞定了,谢谢
没问题了,谢谢
没有了,谢谢
不用了,谢谢
太好了,谢谢
太棒了,谢谢
辛苦了
辛苦了,谢谢
辛苦您了
麻烦你了
麻烦您了,谢谢
你真好
你太好了,谢谢
帮大忙了,谢谢
很有帮助,谢谢
再次感谢
再次谢谢
谢谢,再见
谢谢,拜拜
3q
thank you 谢谢
thankyou
thankyou so much
thanx
thank u
thank u so much
tks
感恩
谢谢你们
`;
