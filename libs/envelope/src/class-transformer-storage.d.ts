// class-transformer keeps the types given to @Type here and has no public way to them.
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
