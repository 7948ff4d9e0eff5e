import { Command } from 'commander';
import { createToken, listTokens, revokeToken, scopes } from '../../identity/index.ts';
import { isId, pageSizeMax, parseId, Fault } from '../../kernel/index.ts';
import { inHub } from './in-hub.ts';
import { parseCount } from './input.ts';
import { printOne, printRows } from './print.ts';
import { collect, subCommand } from './sub-command.ts';

const dayMs = 86_400_000;

export function tokenCommand(): Command {
  return new Command('token')
    .description('API tokens: create, list, revoke')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  return subCommand(
    'create',
    'make a token; it is printed once and never again',
    'token create --name reports --scope orders:read --scope stock:read --expires-days 90',
    "token create --name me --scope '*'",
  )
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scope <scope>', `* or any of ${Object.keys(scopes).join(', ')}; may be repeated`, collect)
    .option('--expires-days <days>', 'ends by itself after so many days')
    .action(async (options: { name: string; scope: string[]; expiresDays?: string }, command: Command) => {
      const days = options.expiresDays === undefined ? null : parseCount(options.expiresDays, '--expires-days');
      const created = await inHub(({ change }) =>
        change((ctx) =>
          createToken(ctx, {
            name: options.name,
            scopes: options.scope,
            expiresAt: days === null ? null : new Date(ctx.now.getTime() + days * dayMs),
          }),
        ),
      );
      printOne(command, created);
    });
}

function listCommand(): Command {
  return subCommand('list', 'show tokens, newest first, never their secrets', 'token list').action(
    async (_options: object, command: Command) => {
      const { items } = await inHub(({ look }) => look((db) => listTokens(db, { after: null, limit: pageSizeMax })));
      printRows(command, items, [
        { title: 'PREFIX', of: (token) => token.prefix },
        { title: 'NAME', of: (token) => token.name },
        { title: 'SCOPES', of: (token) => token.scopes.join(',') },
        { title: 'EXPIRES', of: (token) => token.expiresAt },
        { title: 'REVOKED', of: (token) => token.revokedAt },
        { title: 'LAST USED', of: (token) => token.lastUsedAt },
        { title: 'ID', of: (token) => token.tokenId },
      ]);
    },
  );
}

function revokeCommand(): Command {
  return subCommand('revoke <token>', 'end a token at once, by its id or prefix', 'token revoke wharf_4Tq8').action(
    async (text: string, _options: object, command: Command) => {
      const tokenId = await inHub(async ({ look, change }) => {
        const { items } = await look((db) => listTokens(db, { after: null, limit: pageSizeMax }));
        const [found, ...others] = items.filter((token) => token.prefix === text || token.tokenId === text);
        const id = found?.tokenId ?? (isId(text) ? parseId<'api_token'>(text, 'TOKEN') : null);
        if (id === null || others.length > 0) {
          throw new Fault('not_found', 'token.unknown', { message: `There is no one token "${text}".` });
        }
        await change((ctx) => revokeToken(ctx, id));
        return id;
      });
      printOne(command, { tokenId, revoked: true });
    },
  );
}
