import type { AnyConnector } from '../../src/connector-kit/index.ts';
import { masked } from './characters/masked.ts';
import { pollOnly } from './characters/poll-only.ts';
import { selfHosted } from './characters/self-hosted.ts';
import { unitLines } from './characters/unit-lines.ts';
import { sandbox } from './characters/webhooks.ts';
import type { SandboxCharacter } from './fake/index.ts';

const connectors: Readonly<Record<SandboxCharacter, AnyConnector>> = {
  webhooks: sandbox,
  poll_only: pollOnly,
  masked,
  self_hosted: selfHosted,
  unit_lines: unitLines,
};

/** The connector for a shop that `createSandbox({ character })` made. The program knows `webhooks` alone; the others are for tests. */
export function sandboxOf(character: SandboxCharacter): AnyConnector {
  return connectors[character];
}
