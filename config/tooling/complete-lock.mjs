// npm ci refuses a lock that lacks the optional binaries of other platforms, and a registry mirror that does not hold them
// makes npm leave them out. This adds them by what their parents and names say; npm never fetches one for another platform.
// After an npm install that changed the lock: node config/tooling/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'windows',
];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(place, name)) continue;
    lock.packages[`node_modules/${name}`] = entryOf(name, range, entry.dev === true);
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${file}: ${added} entries added\n`);

/** As Node looks a package up: beside the one that wants it, then in each folder above. */
function isThere(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
  }
}

function entryOf(name, range, dev) {
  const words = name.split('/').at(-1).split('-');
  const processor = processors.find((each) =>
    words.some((word) => word === each || (each === 'arm' && /^arm(eabi)?/.test(word))),
  );
  const system = systems.find((each) => words.includes(each));
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => /^gnu(eabihf)?$/.test(word))
      ? 'glibc'
      : null;
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(dev ? { dev: true } : {}),
    ...(libc === null ? {} : { libc: [libc] }),
    optional: true,
    ...(system === undefined ? {} : { os: [system === 'windows' ? 'win32' : system] }),
  };
}
