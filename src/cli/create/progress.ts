import pc from 'picocolors';
import type { Progress } from '../../prove/prove.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
export const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** A line with a running clock on a terminal; nothing in a pipe. */
export function progressOn(stream: NodeJS.WriteStream): Progress & { close(): void } {
  if (!stream.isTTY) return { begin() {}, end() {}, fail() {}, close() {} };
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    clearInterval(timer);
    timer = undefined;
    stream.write('\r\u001b[2K');
  };
  return {
    begin(doing) {
      const began = performance.now();
      let frame = 0;
      const draw = () => {
        const sign = frames[frame++ % frames.length] as string;
        stream.write(
          `\r\u001b[2K${pc.cyan(sign)} ${doing} ${pc.dim(`${Math.floor((performance.now() - began) / 1000)} s`)}`,
        );
      };
      draw();
      timer = setInterval(draw, 100);
      timer.unref();
    },
    end(done, took) {
      clear();
      stream.write(`${pc.green('✔')} ${done} ${pc.dim(seconds(took))}\n`);
    },
    fail(doing) {
      clear();
      stream.write(`${pc.red('✘')} ${doing}\n`);
    },
    close() {
      if (timer) clear();
    },
  };
}
