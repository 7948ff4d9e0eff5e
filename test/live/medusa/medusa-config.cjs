// Copied as medusa-config.js beside a link to the installed packages. No Redis: everything in this one process.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const { defineConfig } = createRequire(join(process.cwd(), 'package.json'))('@medusajs/framework/utils');

const nobody = 'http://127.0.0.1:9';
const secret = 'live-test-only';

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false } },
    http: { storeCors: nobody, adminCors: nobody, authCors: nobody, jwtSecret: secret, cookieSecret: secret },
  },
});
