import type { Character, SandboxCharacter } from './character.ts';
import { masked } from './masked.ts';
import { pollOnly } from './poll-only.ts';
import { selfHosted } from './self-hosted.ts';
import { unitLines } from './unit-lines.ts';
import { webhooks } from './webhooks.ts';

export { sandboxCharacters, type Character, type SandboxCharacter, type ShopKeys } from './character.ts';

export const characters: Readonly<Record<SandboxCharacter, Character>> = {
  webhooks,
  poll_only: pollOnly,
  masked,
  self_hosted: selfHosted,
  unit_lines: unitLines,
};
