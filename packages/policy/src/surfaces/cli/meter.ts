import type { Progress } from '../../call.js';
import type { Terminal } from './terminal.js';

/** Shows on stderr how far a call has come, until it ends. */
export interface Meter {
  begin(): void;
  step(step: Progress): void;
  end(): void;
}

/** Milliseconds between two pictures of the spinner, and between two lines where nothing can be drawn. */
const frameTime = 120;
const lineTime = 10_000;
const barWidth = 24;
const frames = ['|', '/', '-', '\\'];

/**
 * A bar where the total is known and a spinner where it is not, drawn over themselves and taken away at the end.
 * On a terminal that cannot draw, a line now and then; on none, nothing.
 */
export function meter(
  { draw, talk, live, columns = 80 }: Partial<Terminal>,
  now = () => performance.now(),
): Meter {
  if (live === 'drawn' && draw) return drawn(draw, columns);
  if (live === 'lines' && talk) return lines(talk, now);
  return { begin() {}, step() {}, end() {} };
}

function drawn(draw: (text: string) => void, columns: number): Meter {
  let timer: NodeJS.Timeout | undefined;
  let last: Progress = { done: 0 };
  let turns = 0;
  const picture = () => {
    const text = lineOf(last, frames[turns % frames.length] ?? '');
    turns += 1;
    // A line that fills the terminal would wrap, and could not be drawn over.
    draw(`\r\u001b[K${text.slice(0, columns - 1)}`);
  };
  const begin = () => {
    if (timer) return;
    timer = setInterval(picture, frameTime);
    timer.unref();
  };
  return {
    begin,
    step(step) {
      last = step;
      begin();
      picture();
    },
    end() {
      clearInterval(timer);
      timer = undefined;
      if (turns > 0) draw('\r\u001b[K');
      turns = 0;
    },
  };
}

function lines(talk: (line: string) => void, now: () => number): Meter {
  let next = now() + lineTime;
  return {
    begin() {},
    step(step) {
      if (now() < next) return;
      next = now() + lineTime;
      talk(lineOf(step, '...'));
    },
    end() {},
  };
}

/** `[=====>    ]  45 % PowerOnVM_Task`, or `/ 3 PowerOnVM_Task` when nobody knows how much there is to do. */
export function lineOf({ done, total, message = '' }: Progress, frame: string): string {
  if (total === undefined || total <= 0) {
    const count = done > 0 ? `${done}` : '';
    return [frame, count, message || 'Working'].filter((part) => part !== '').join(' ');
  }
  const part = Math.min(1, Math.max(0, done / total));
  const full = Math.round(part * barWidth);
  const bar = (full < barWidth ? `${'='.repeat(full)}>` : '='.repeat(barWidth)).padEnd(barWidth);
  return `[${bar}] ${String(Math.floor(part * 100)).padStart(3)} % ${message}`.trimEnd();
}
