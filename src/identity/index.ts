export { authorise, mayDo } from './authorise.ts';
export { createToken, type CreatedToken, type NewToken } from './create-token.ts';
export { authenticateToken, listTokens, type AuthenticatedToken, type TokenRow } from './queries.ts';
export { revokeToken } from './revoke-token.ts';
export { tokenRoutes } from './routes.ts';
export { scopes, type Scope } from './scopes.ts';
export { openTokenGate, type TokenGate } from './token-gate.ts';
