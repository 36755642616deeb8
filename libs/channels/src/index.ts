export * from './channel.js';
export * from './channels.js';
export { webchat } from './webchat.channel.js';
