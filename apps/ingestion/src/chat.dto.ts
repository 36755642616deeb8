import { Transform, type TransformFnParams } from 'class-transformer';
import { IsOptional, IsString, Matches, MaxLength, ValidateBy } from 'class-validator';
import { characters, cleanText } from './clean-text.js';
import { longestText } from './ingestion.config.js';

/** A string of `low` to `high` code points: what the record's schema counts too, unlike class-validator's own rule. */
const Characters = (low: number, high: number): PropertyDecorator =>
  ValidateBy({
    name: 'characters',
    validator: {
      validate: (value: unknown) => {
        if (typeof value !== 'string') return false;
        const length = characters(value);
        return length >= low && length <= high;
      },
      defaultMessage: (given) => `${given?.property} must be a text of ${low} to ${high} characters`,
    },
  });

const clean = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? cleanText(value) : value;
/** A language of the customer's app, BCP 47. */
const LanguageTag = (): PropertyDecorator =>
  Matches(/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/, {
    message: '$property must be a language tag like en or zh-CN',
  });

/** `POST /chat/threads` */
export class NewThread {
  /** @default default */
  @IsOptional() @IsString() @MaxLength(40) tenant?: string;
  @IsOptional() @IsString() @MaxLength(35) @LanguageTag() locale?: string;
}

/** `POST /chat/messages` */
export class NewMessage {
  /** The client's own id of the message: sent again with it, it stays one message. */
  @Characters(1, 100)
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'clientId must not hold control characters' })
  clientId: string;
  @Transform(clean) @Characters(1, longestText) text: string;
  /** The thread that the sender means; must be the token's. */
  @IsOptional() @IsString() @MaxLength(100) thread?: string;
  @IsOptional() @IsString() @MaxLength(35) @LanguageTag() locale?: string;
}
