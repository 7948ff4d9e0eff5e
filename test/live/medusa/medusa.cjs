// Medusa's own command line in a process that goes when its parent does: the parent holds the other end of standard input.
const { createRequire } = require('node:module');
const { join } = require('node:path');

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

const requireInstalled = createRequire(join(process.cwd(), 'package.json'));
requireInstalled('@medusajs/cli/cli.js');
