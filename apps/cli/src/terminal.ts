/** Where a command writes: answers to `line`, complaints to `complain`, progress to `progress`. */
export interface Terminal {
  line(text?: string): void;
  complain(text: string): void;
  /** What is going on now: overwritten in place on a terminal, a line now and then elsewhere. */
  progress(text: string): void;
}

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** How often a progress line is written where lines cannot be overwritten. */
const lineEveryMs = 2_000;

/** Progress goes to standard error, so that answers can be piped on. */
export function terminal(out: Output = process.stdout, err: Output = process.stderr): Terminal {
  const live = err.isTTY === true;
  let shown = false;
  let lastLine = -Infinity;
  const clear = (): void => {
    if (shown) err.write('\r\u001b[K');
    shown = false;
  };
  return {
    line: (text = '') => (clear(), void out.write(`${text}\n`)),
    complain: (text) => (clear(), void err.write(`${text}\n`)),
    progress: (text) => {
      if (live) {
        err.write(`\r\u001b[K${text}`);
        shown = true;
      } else if (performance.now() - lastLine >= lineEveryMs) {
        lastLine = performance.now();
        err.write(`${text}\n`);
      }
    },
  };
}
