import { HttpException } from '@nestjs/common';

/** One field of a request that is wrong, by its path in the body or query. */
export interface FieldError {
  field: string;
  message: string;
}

export interface ProblemOptions {
  detail?: string;
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
}

/** An error answer as application/problem+json (RFC 9457). */
export class Problem extends HttpException {
  constructor(
    status: number,
    readonly title: string,
    readonly problem: ProblemOptions = {},
  ) {
    super(title, status);
    this.name = 'Problem';
  }
}
