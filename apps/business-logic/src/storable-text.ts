/** The text without what PostgreSQL cannot hold (NUL, lone surrogates); such characters show as U+FFFD. */
export const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();
