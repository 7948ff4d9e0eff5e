/** A JSON line of the log as a person reads it: `12:03:04.123 warn  a drain failed  lane=inbound failures=2`. */
export function formatLine(line: string): string {
  const { level, time, msg, error, ...rest } = parse(line);
  const facts = [...Object.entries(rest), ...(isRecord(error) ? Object.entries(error) : [])];
  const tail = facts.map(([name, value]) => `${name}=${show(value)}`).join(' ');
  const clock = typeof time === 'string' ? time.slice(11, 23) : '';
  return `${clock} ${String(level).padEnd(5)} ${String(msg)}${tail === '' ? '' : `  ${tail}`}\n`;
}

function parse(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  return isRecord(value) ? value : {};
}

function show(value: unknown): string {
  return typeof value === 'string' && !value.includes(' ') ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
