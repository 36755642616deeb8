import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsLocale,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { formats, type Format } from './article-text.js';

/** Letters, digits, punctuation, spaces inside: nothing invisible. */
const visible = /^(?! )[^\p{C}]+(?<! )$/u;
const idMessage = 'id must be 1 to 200 visible characters';

export class ArticleId {
  @IsString() @MaxLength(200) @Matches(visible, { message: idMessage }) id: string;
}

export class ArticleBody {
  /** Invisible characters are taken out of it: it needs one that stays. */
  @IsString()
  @MaxLength(500)
  @Matches(/[^\s\p{C}]/u, { message: 'title must not be empty' })
  title: string;
  /** In the format that `format` says. */
  @IsString() @MaxLength(500_000) body: string;
  /** `text` when left out. */
  @IsOptional() @IsIn(formats) format?: Format;
  /** BCP 47; by the title's script when left out. */
  @IsOptional() @IsLocale() @MaxLength(35) language?: string;
  /** Where customers can read it. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(2_000)
  url?: string;
  /** Where it was imported from: for people, and for whoever imports it again. As long as paths get. */
  @IsOptional() @IsString() @MaxLength(4_096) source?: string;
}

/** An article of an import. */
export class ArticleItem extends ArticleBody {
  @IsString() @MaxLength(200) @Matches(visible, { message: idMessage }) id: string;
}

export class ImportBody {
  /** Each is checked by itself: what is wrong with one does not keep the others out. */
  @IsArray() @ArrayMaxSize(500) articles: unknown[];
}

export class ListQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @MaxLength(200) after?: string;
  /** Part of id, title or text. */
  @IsOptional() @IsString() @MaxLength(200) q?: string;
}

export class VersionQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(2_147_483_647) version?: number;
}
