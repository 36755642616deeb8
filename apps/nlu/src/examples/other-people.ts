/** What customers write in English about bots, sales, support and people without asking for one. One example per line. */
export const otherPeople = `
how do I create a bot?
how do I add a bot to a channel?
how do I train a bot?
how do I stop a bot from posting?
is there a bot for Discord?
a bot has joined my group
the bot does not post anything
the new version is useless
this app is useless
the instructions are useless
your website is useless
is a talk about sales planned?
how do sales work?
sales
sales figures
support
how do I talk to leads?
how to talk to buyers
useless
there is a charge from a shop that I do not know
I would like to get two of them from you
I would like to get a statement from your bank
when does the sale end?
where do I see my sales?
the sales report is empty
who gets the sales e-mails?
how do I talk to new customers on my page?
what does technical support cost?
what are the opening hours of support?
does support work on Sundays?
support for Linux
is there support for French?
billing address
where is the billing page?
which department gets the invoice?
how do I escalate a ticket?
when is a ticket escalated?
what does escalate mean in the menu?
I need help with a payment
I need help with the installation
I need help from the manual
can I get help with my taxes?
I got help from a friend and it still fails
how do I ask someone for a review?
how do I get a message from someone?
someone from my team cannot sign in
my boss cannot open the file
`;
