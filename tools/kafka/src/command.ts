import { execFile } from 'node:child_process';

export interface CommandResult {
  /** 0 on success; undefined when the program is not there. */
  code: number | undefined;
  output: string;
}

/** Runs a program to its end and collects what it says. */
export function run(program: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (!error) resolve({ code: 0, output });
      else if (typeof error.code === 'number') resolve({ code: error.code, output });
      else resolve({ code: undefined, output: `${output}${error.message}` });
    });
  });
}
