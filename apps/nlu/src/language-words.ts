/**
 * Frequent short words of the languages that customers write in Latin letters, with the small talk of each. A model of
 * letter groups for these languages takes 90 MB and more, and is no surer about texts of three words.
 */
const words: Readonly<Record<string, string>> = {
  en: `the a an of to and in is are was were be been i i'm i've i'd you your yours he she it its it's we our they their my
mine me us this that these those what which who when where why how do does did don't doesn't didn't can can't cannot could
couldn't will won't would wouldn't should shouldn't have has had haven't hasn't not no yes on at for from with without
about into out up by or but if than then there here all any some more please thanks thank hello hey want need get
got help order account password reset change cancel delete delivery refund return money page search status track
tracking shipping payment invoice file files card cards message messages mark marking split using use way best move
moving remove add find show hide turn new old my problem question works working work does anyone someone person human
agent talk speak good morning evening afternoon day show last first after before between also only just still
bill price size colour color phone parcel package conversation conversations settings email emails number customer
service support opening hours login log sign`,
  de: `der die das den dem des ein eine einen einem einer eines und ist sind war waren bin bist sein ich du er wir ihr sie
mich mir dich dir uns euch mein meine meinen meinem meiner dein deine ihre ihren unser nicht kein keine keinen auf für
mit von zu zum zur im am aus bei nach über unter vor wie was wo wann warum wer welche welcher welches kann kannst können
könnte möchte will habe hat haben hatte wird werden wurde muss müssen soll bitte danke hallo guten tag morgen abend ja
nein auch noch schon nur wenn aber oder dass weil dann doch mal hier vielen dank bestellung paket rechnung konto passwort
rückgabe lieferung geld löschen ändern bestellt angekommen menschen mitarbeiter sprechen`,
  fr: `le la les un une des du de et est sont était je tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses
notre votre nos vos leur ce cette ces que qui quoi où quand comment pourquoi quel quelle quels ne pas plus avec sans pour
par sur dans chez mais ou donc si très bien bonjour bonsoir salut merci beaucoup oui non s'il plaît voudrais veux peux
puis peut pouvez avez ai as avons j'ai c'est n'est d'un d'une qu'est commande colis facture compte mot passe livraison
remboursement argent supprimer changer annuler quelqu'un personne parler mes été être fait`,
  es: `el la los las un una unos unas y es son está están estoy era yo tú él ella nosotros ustedes mi mis tu tus su sus
nuestro que qué quien quién donde dónde cuando cuándo como cómo por para con sin de del al en sobre pero o si sí no muy
más ya también me te se le lo nos hola buenos buenas días tardes noches gracias muchas favor quiero quisiera necesito
puedo puede pueden tengo tiene he ha hay hacer pedido paquete factura cuenta contraseña envío reembolso dinero cancelar
cambiar borrar devolver hablar persona alguien mi ayuda porque`,
  it: `il lo la gli le un uno una e è sono era io tu lui lei noi voi loro mio mia miei mie tuo tua suo sua nostro che chi
cosa dove quando come perché quale non più con senza per su di del della dei delle da dal nel nella al alla ma o se anche
molto ciao buongiorno buonasera grazie mille prego vorrei voglio posso può potete ho hai ha abbiamo hanno fare ordine
pacco fattura conto spedizione rimborso soldi cancellare cambiare parlare persona qualcuno mi ti ci questo questa sì`,
  pt: `o a os as um uma uns umas e é são está estão estou era eu tu você ele ela nós vocês meu minha meus minhas seu sua
seus suas que quem onde quando como por porque para com sem de do da dos das em no na nos nas ao à mas ou se não sim muito
mais já também me te olá oi bom boa dia tarde noite obrigado obrigada favor quero queria preciso posso pode tenho tem
há fazer pedido encomenda fatura conta senha entrega reembolso dinheiro cancelar mudar falar pessoa alguém`,
  nl: `de het een en is zijn was ik jij je hij zij wij we jullie mijn jouw uw ons onze dit dat deze die wat wie waar
wanneer waarom hoe welke niet geen wel met zonder voor van naar op in uit bij aan over maar of als ook nog al alleen heel
hallo hoi goedemorgen goedemiddag goedenavond dank bedankt dankjewel alstublieft graag wil kan kunt kunnen heb heeft hebben
ben bent moet worden bestelling pakket factuur rekening wachtwoord levering geld terug annuleren wijzigen iemand spreken`,
  pl: `i w na z do nie to jest są się że jak co kto gdzie kiedy dlaczego czy mój moja moje twój ja ty on ona my wy oni mam
ma mieć chcę chciałbym mogę może można proszę dziękuję dzień dobry cześć tak ale lub albo jeśli bardzo już jeszcze tylko
dla od po przez bez zamówienie paczka faktura konto hasło dostawa zwrot pieniądze`,
  sv: `och att det som en ett är var jag du han hon vi ni de min mitt mina din ditt vad vem var när varför hur inte ingen
med utan för från till på i av om men eller hej tack snälla vill kan har hade måste beställning paket faktura konto
lösenord leverans pengar tillbaka`,
  tr: `bir ve bu şu ne nasıl neden nerede zaman kim mı mi mu mü ben sen biz siz benim senin var yok için ile ama veya
değil çok daha merhaba selam teşekkürler lütfen istiyorum sipariş siparişim kargo fatura hesap hesabım şifre iade para`,
  id: `yang dan di ke dari ini itu saya aku anda kamu kami kita tidak bukan ada apa siapa dimana kapan mengapa kenapa
bagaimana bisa dapat mau ingin untuk dengan tanpa tapi atau jika sudah belum juga halo terima kasih tolong pesanan paket
akun kata sandi pengiriman uang kembali`,
  vi: `và là của có không được cho tôi bạn này đó với những các một trong khi nào như thế làm sao đâu gì ai muốn cần xin
chào cảm ơn đơn hàng tài khoản mật khẩu giao hoàn tiền`,
};

const gathered = new Map<string, string[]>();
for (const [language, list] of Object.entries(words)) {
  for (const word of new Set(list.split(/\s+/u)))
    gathered.set(word, [...(gathered.get(word) ?? []), language]);
}

/** Word → languages that have it. */
export const languageWords: ReadonlyMap<string, readonly string[]> = gathered;
