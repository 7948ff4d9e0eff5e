import type { Command } from 'commander';
import { z } from 'zod';
import { describeChannel } from '../../channels/index.ts';
import type { AnyConnector } from '../../connector-kit/index.ts';
import { connectors } from '../connectors.ts';
import { printRows } from './print.ts';
import { subCommand } from './sub-command.ts';

export type SettingField = {
  readonly name: string;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** JSON Schema's word, `string` where it has none. */
  readonly type: string;
};

const described = z.object({
  properties: z.record(z.string(), z.looseObject({ type: z.unknown().optional() })).default({}),
  required: z.array(z.string()).default([]),
});

/** What a connector wants to be told, in the order of its schema. */
export function settingFields(connector: AnyConnector): SettingField[] {
  const { settings, secrets } = describeChannel(connector);
  const { properties, required } = described.parse(settings);
  return Object.entries(properties).map(([name, { type }]) => ({
    name,
    isSecret: secrets.includes(name),
    isRequired: required.includes(name),
    type: typeof type === 'string' ? type : 'string',
  }));
}

export function channelsCommand(): Command {
  return subCommand('channels', 'show what can be connected, and the settings each needs', 'shop channels').action(
    (_options: object, command: Command) => {
      const channels = [...connectors.values()].map((connector) => ({
        ...describeChannel(connector),
        settings: settingFields(connector),
      }));
      printRows(command, channels, [
        { title: 'CHANNEL', of: (channel) => channel.code },
        { title: 'NAME', of: (channel) => `${channel.label.en} ${channel.label.zh}` },
        { title: 'CAN', of: (channel) => channel.capabilities.join(' ') },
        { title: 'SETTINGS (* needed, ! secret)', of: (channel) => channel.settings.map(sayField).join(' ') },
      ]);
    },
  );
}

function sayField({ name, isRequired, isSecret }: SettingField): string {
  return `${name}${isRequired ? '*' : ''}${isSecret ? '!' : ''}`;
}
