import type { ChannelCapabilities } from '../../connector-kit/index.ts';
import type { Column } from './print.ts';

/** The table of channels: what each can do, in a few words a cell. */
export const matrixColumns: readonly Column<ChannelCapabilities>[] = [
  { title: 'channel', of: ({ code, versions }) => (versions === null ? code : `${code} ${versions}`) },
  { title: 'orders', of: sayOrders },
  { title: 'listings', of: sayListings },
  { title: 'stock', of: sayStock },
  { title: 'packages', of: ({ packages }) => sayScope(packages) },
  { title: 'cancel', of: ({ cancels }) => sayScope(cancels) },
  { title: 'refund', of: ({ refunds }) => sayScope(refunds) },
  { title: 'webhooks', of: sayWebhooks },
];

/** For the terminal: how the channel's list is read, too. */
export const terminalColumns: readonly Column<ChannelCapabilities>[] = [
  ...matrixColumns,
  { title: 'poll', of: sayPoll },
];

/** The table in markdown, its cells padded; the connectors' own notes stand below it as a numbered list. */
export function matrixMarkdown(channels: readonly ChannelCapabilities[]): string {
  const noted = channels.filter(({ notes }) => notes.length > 0);
  const cells = [
    matrixColumns.map(({ title }) => title),
    ...channels.map((channel) => [
      sayChannel(channel, noted),
      ...matrixColumns.slice(1).map(({ of }) => String(of(channel))),
    ]),
  ];
  const widths = matrixColumns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...rows] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  const notes = noted.map((channel, at) => `${at + 1}. ${channel.notes.join(' ')}`);
  return [line(head), line(rule), ...rows.map(line), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function sayChannel(channel: ChannelCapabilities, noted: readonly ChannelCapabilities[]): string {
  const { code, versions } = channel;
  const mark = noted.includes(channel) ? `(${noted.indexOf(channel) + 1})` : null;
  return [`\`${code}\``, versions, mark].filter((word) => word !== null).join(' ');
}

function sayOrders({ orders }: ChannelCapabilities): string {
  const ways = [
    ...(orders.poll === null ? [] : ['poll']),
    ...(orders.webhooks ? ['webhooks'] : []),
    ...(orders.rereadOpen ? ['open orders re-read'] : []),
    ...(orders.reads ? [] : ['pushed only']),
  ];
  return ways.join(', ');
}

function sayListings({ listings }: ChannelCapabilities): string {
  if (listings === null) return 'no';
  return listings === 'polled' ? 'yes' : 'yes, pushed';
}

function sayStock({ stock }: ChannelCapabilities): string {
  if (stock === null) return 'no';
  const words = [
    stock.meaning.replace('_', ' '),
    ...(stock.byLocation ? ['by location'] : []),
    ...(stock.readsBack ? [] : ['not read back']),
  ];
  return words.join(', ');
}

function sayScope(scope: ChannelCapabilities['packages']): string {
  if (scope === null) return 'no';
  return scope === 'unstated' ? 'yes' : `yes, ${scope}`;
}

function sayWebhooks({ webhooks }: ChannelCapabilities): string {
  if (webhooks === null) return 'none';
  return webhooks.registeredBy === 'hub' ? 'signed' : 'signed, registered by hand';
}

function sayPoll({ orders: { poll } }: ChannelCapabilities): string {
  if (poll === null) return '-';
  const { pageSizeMax, overlapMs, windowMs } = poll;
  const words = [
    `${pageSizeMax} a page`,
    `overlap ${overlapMs / 1000} s`,
    ...(windowMs === null ? [] : [`window ${windowMs / 3_600_000} h`]),
  ];
  return words.join(', ');
}
