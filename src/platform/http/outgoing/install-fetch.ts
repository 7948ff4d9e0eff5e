import { install } from 'undici';

// Node's built-in fetch is an older undici and refuses this one's dispatchers. Done once, at import, so that msw, which
// replaces globalThis.fetch when a test starts it, stands in front of it.
install();
