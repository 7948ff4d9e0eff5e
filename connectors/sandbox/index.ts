export { sandbox } from './characters/webhooks.ts';
export { sandboxOf } from './sandbox-of.ts';
