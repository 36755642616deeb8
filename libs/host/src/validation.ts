import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from './problem.js';

/** Checks bodies and queries by their classes' rules; what is unknown or wrong is answered with 400, naming the field. */
export const requestValidation = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) =>
      new Problem(400, 'The request is not right', {
        errors: errors.flatMap((error) => fieldErrors(error, '')),
      }),
  });

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const field = parent ? `${parent}.${error.property}` : error.property;
  const message = brokenRule(error);
  const own = message === undefined ? [] : [{ field, message }];
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}

/**
 * What is wrong with a field: the first of its rules, as they are written, that it breaks. Decorators apply from the
 * last to the first, so that one comes last; it is the type, without which the others do not make sense.
 */
export const brokenRule = ({ constraints }: ValidationError): string | undefined =>
  Object.values(constraints ?? {}).at(-1);
