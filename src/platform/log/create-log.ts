import { pino, type Logger } from 'pino';
import type { Log, LogFields, LogLevel } from './log.ts';
import { formatLine } from './format-line.ts';
import { permitFields } from './permit-fields.ts';
import { maskText } from './mask-text.ts';

export type LogOptions = {
  readonly level: LogLevel | 'silent';
  /** One readable line each instead of JSON. */
  readonly pretty: boolean;
  /** Where lines go; standard output when absent. */
  readonly write?: (line: string) => void;
};

/** JSON lines by pino. What may stand in them is decided by `permitFields` and `maskText`, not by the caller. */
export function createLog(options: LogOptions): Log {
  const out = options.write ?? ((line: string) => void process.stdout.write(line));
  const write = options.pretty ? (line: string) => out(formatLine(line)) : out;
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return toLog(logger, () => logger);
}

/** `root` says which levels are wanted; a child is made when it has something to say: most requests have not. */
function toLog(root: Logger, logger: () => Logger): Log {
  const at = (level: LogLevel) => (fields: LogFields, message: string) => {
    if (root.isLevelEnabled(level)) logger()[level](permitFields(fields), maskText(message));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child(fields) {
      let made: Logger | null = null;
      return toLog(root, () => (made ??= logger().child(permitFields(fields))));
    },
  };
}
