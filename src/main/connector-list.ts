/** Every channel this program speaks, a line each: `wharf connector new` adds its own. */
export { custom } from '../../connectors/custom/index.ts';
export { medusa } from '../../connectors/medusa/index.ts';
export { sandbox } from '../../connectors/sandbox/index.ts';
export { vendure } from '../../connectors/vendure/index.ts';
