/**
 * What customers write in English when they want something looked up or done: questions, problems, requests; and what looks
 * like small talk but is not. One example per line.
 */
export const other = `
hi, how do I reset my password?
hi how can I change my address
hello, where is my order?
hello, I have a question about my bill
hello, my app does not start
hey, can I return these shoes?
hey what are your opening hours
hi there, I was charged twice
hi there, my parcel has not arrived
hi, I want to cancel my subscription
hi, I forgot my password
hi team, the invoice is wrong
hello team, please change my e-mail address
good morning, is my order on its way?
good morning, I would like to book a table
good evening, why was my card declined?
good afternoon, which sizes do you have?
good day, do you ship to Norway?
hello, how are you? my login does not work
hi, how much does it cost?
hi, is it possible to upgrade my plan?
dear support, I cannot open the file
hey there, do you have a store in Paris?
hello, it is about order 4711
hi, I need help with my account
hello, I need help
hi, can you help me?
help
help me
help please
I need help
can you help me?
can someone help me with my login?
can anyone tell me how to export my data?
is there anyone who knows how to merge two accounts?
does anybody know why the page is blank?
thanks but it does not work
thanks, but that did not help
thanks but I still cannot log in
thank you but my question was another one
thank you, but where do I find the button?
thanks, and how do I change my name?
thanks! one more question: do you ship to Spain?
thanks, can I also pay by invoice?
ok thanks, and what about the second parcel?
thanks for nothing, it is still broken
thank you for the answer, but it is wrong
thanks in advance for telling me how to cancel
thank you in advance, I cannot find my invoice
please help, thanks
how do I close my account? thanks
where is my parcel, thank you
can you send me the invoice please, thanks
how do I say thank you in a message to the seller?
how do I send a thank you card?
how can I write a greeting card?
can I change the greeting on my voicemail?
how do I turn off the hello message?
what does the welcome e-mail say?
can a person delete my account
can a person have two accounts?
can one person use several devices?
can another person use my ticket?
can a human resources manager see my data?
can a second person sign for the parcel?
how do I add a person to my team?
how do I remove a person from a group?
how do I invite another person to the document?
how many people can share one account?
how do I block a person?
how do I block someone?
how do I tag people in a photo?
how do I find out who has seen my profile?
can someone see what I have searched for?
can someone else pick up my parcel?
can somebody use my account without my password?
can people see my e-mail address?
how do I send a message to someone?
how do I share a folder with someone?
how do I call someone with the app?
how can I talk to my friends in the app?
how do I chat with my team in the app?
how do I change the agent of my ticket?
what is a user agent?
how do I become an agent?
how do I contact the seller?
how do I contact the hotel?
how do I transfer my domain to another provider?
how do I transfer money to another person?
how do I transfer files to my computer?
how do I connect my phone to the computer?
can you connect my account with my calendar?
what does the account manager do?
where is the task manager?
which password manager do you recommend?
is there a manager for downloads?
can a manager approve my holiday request?
is there a live map?
do you have a representative office in China?
I want to change my address
I want to change my plan
I want to return an item
I want to cancel my order
I want to delete my account
I want my money back
I want a refund
I want to speak French in the app
I want to talk about the price
I would like to order two more
I would like to know when my order arrives
I would like to book a room
I need an invoice for my order
I need a new password
I need to change my phone number
I need more storage
I don't want the newsletter any more
I do not receive any e-mails
I don't understand the bill
I have not received my parcel
I have been charged twice
I have a problem with my order
I have a question
I have a question about the delivery
I have lost my card
I lost my phone
I forgot my password
I cannot log in
I can't find the settings
I can't open the app
I can't upload my photo
I am looking for the user manual
I'm trying to install the update
I got the wrong colour
my order has not arrived
my order is late
my parcel is damaged
my card was declined
my account is locked
my screen is black
my e-mail address has changed
my password does not work
the app crashes
the website is down
the link is broken
the discount code does not work
the colour is wrong
the button does nothing
the payment failed
it does not work
it is broken
it still doesn't work
that does not work
this does not work
this is wrong
that was not my question
not what I asked
nothing works
still waiting for my refund
where is my order?
where is my parcel?
where can I find my invoice?
where do I enter the code?
where are you located?
when will my order arrive?
when do you open?
when will I get my money back?
why was I charged?
why is my account locked?
why can't I log in?
why is it so slow?
who sent me this e-mail?
who owns the photos?
what are the opening hours?
what are the shipping costs?
what does it cost?
what is the difference between the plans?
what is your phone number?
what is your return policy?
what payment methods do you accept?
which plan includes support?
which browser do you support?
how do I reset my password?
how do I change my password?
how do I change my e-mail address?
how do I cancel my subscription?
how do I delete my account?
how do I get a refund?
how do I track my order?
how do I print a label?
how do I export my contacts?
how do I add a signature?
how do I turn off notifications?
how can I change the language?
how can I pay?
how can I get my data back?
how long does delivery take?
how much is the shipping?
how many items can I order?
how to install the app
how to unsubscribe
how to change the colour of a label
how to sort a list
is it possible to change the date?
is it possible to sync with my calendar?
is there a discount for students?
is there a way to undo this?
is there a limit on file size?
is there an app for Android?
is the store open on Sunday?
is my data safe?
are there any fees?
are returns free?
do you ship abroad?
do you have this in red?
do I have to pay customs?
does the warranty cover water damage?
does it come with a charger?
can I change my order?
can I pay in instalments?
can I use it offline?
can I return it after a month?
can I get an invoice?
can I merge two accounts?
can I add a second address?
can I get a list of all my files?
can I have two calendars?
can I see who is online?
can you cancel my order?
can you send me the invoice again?
can you tell me the price?
can you check order 12345?
could you change the delivery address
could you explain the bill
please cancel my order
please send me a new password
please change my address
please refund order 123
please delete my data
cancel my order
change my address
delete account
reset password
password reset
order status
return policy
opening hours
shipping costs
invoice
refund
delivery time
price
tracking number
gift cards
size chart
student discount
two factor authentication
export to PDF
dark mode
keyboard shortcuts
moving photos between albums
marking messages as read
sharing a calendar
best way to back up my files
a way to see deleted items
order #A-10293
my order number is 20231234
my e-mail is anna@example.com
yes
no
ok
okay
maybe
yes please
no, the other one
the first one
the blue one
in Germany
since yesterday
what?
why?
how?
when?
and then?
what about the second one?
and for the large size?
I see
never mind
test
asdf
???
you are wrong
you did not answer my question
this is terrible service
I am very angry
I am going to sue you
what can you do?
who are you?
are you a bot?
what is your name?
do you work at night?
billing
shipping
delivery
returns
feedback
settings
contacts
subscription
notifications
coupon
warranty
login problem
problems with sign up
problem with the set up
sign up
top up
log in
back up
set up e-mail
how do I sign up?
what's up with my order?
what is the limit for uploads?
what's the minimum order value?
what's going on with my account?
what's wrong with the website?
how's the battery life?
how are refunds paid out?
how are you going to fix my order?
how are my points calculated?
are you open today?
are you there on weekends?
is anyone else having this problem?
anyone can see my folder, why?
I keep getting messages from someone I do not know
I do not want to get messages from people I do not know
turn off messages when someone contacts me
contacting a user on the forum
contacting people by e-mail
someone has stolen my card
a person I do not know has my address
can I give my ticket to a person who has no account?
can I get a real receipt?
can I get a real ticket instead of a digital one?
can I have information about my account?
please tell me about your shipping rates
please tell me how to add a card
please give me a refund
please give me the address of the shop
get me a refund
give me my money back
how do I contact the bank about a transfer?
how do I contact the driver?
how do I contact my landlord in the app?
what is the phone number of the shop?
talk mode does not work
the chat window is too small
the human body app does not open
thanksgiving opening hours
is the shop open on thanksgiving?
the thank you page does not load
the welcome bonus is missing
the morning delivery did not come
good quality?
evening delivery
the agent was rude
the operator of the website
who is the manager of this shop?
`;
