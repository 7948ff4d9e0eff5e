import type { Command } from 'commander';

export type Column<Row> = {
  readonly title: string;
  readonly of: (row: Row) => string | number | boolean | Date | null;
};

/** Prints rows as an aligned table, or as one JSON array under `--json`. */
export function printRows<Row>(command: Command, found: readonly Row[], columns: readonly Column<Row>[]): void {
  if (wantsJson(command)) return printJson(found);
  const cells = [
    columns.map(({ title }) => title),
    ...found.map((row) => columns.map((column) => text(column.of(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => displayWidth(line[index] ?? ''))));
  for (const line of cells) {
    console.log(
      line
        .map((cell, index) => pad(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  if (found.length === 0) console.log('(none)');
}

/** Prints one thing: its fields a line each, or JSON. */
export function printOne(command: Command, value: Readonly<Record<string, unknown>>): void {
  if (wantsJson(command)) return printJson(value);
  const width = Math.max(...Object.keys(value).map((key) => key.length));
  for (const [key, field] of Object.entries(value)) {
    console.log(
      `${key.padEnd(width)}  ${typeof field === 'object' && field !== null && !(field instanceof Date) ? JSON.stringify(field) : text(field as string)}`,
    );
  }
}

export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

function text(value: string | number | boolean | Date | null): string {
  if (value === null) return '-';
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

/** Chinese characters take two places in a terminal. */
function displayWidth(cell: string): number {
  let width = 0;
  for (const character of cell)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return width;
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - displayWidth(cell)));
}
