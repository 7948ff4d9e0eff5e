// The one file that runs before TypeScript can. Loading each of the program's 700 modules through tsx takes 3.9 s a
// command (5.9 s of CPU); one bundle of them 1.3 to 1.6 s (1.5 to 1.9). It is made at the first start after a change (about
// a second) and kept in node_modules/.cache; where nothing can be written there, tsx loads the sources.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const checkout = resolve(import.meta.dirname, '../..');
const entry = join(checkout, 'src/main/cli.ts');
const cache = join(checkout, 'node_modules/.cache/wharf');
const keptMs = 7 * 86_400_000;

/** Of every source by its time and size: another key, another bundle. */
function keyOfSources() {
  const hash = createHash('sha256').update(process.version);
  const add = (file) => {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  };
  for (const folder of ['src', 'connectors', 'config']) {
    for (const file of readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/(?<!\.test)\.tsx?$/.test(file)) add(join(checkout, folder, file));
    }
  }
  for (const file of ['package-lock.json', 'tsconfig.json', 'src/main/launch.mjs']) {
    if (existsSync(join(checkout, file))) add(join(checkout, file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Packages stay where npm put them; a source that asks where it stands is told so as if it ran from there. */
async function bundle(folder) {
  const { build } = await import('esbuild');
  const whereItStands = {
    name: 'where-it-stands',
    setup(plugin) {
      plugin.onLoad({ filter: /\.tsx?$/ }, ({ path }) => ({
        loader: path.endsWith('x') ? 'tsx' : 'ts',
        contents: readFileSync(path, 'utf8')
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      }));
    },
  };
  await build({
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    sourcemap: true,
    sourcesContent: false,
    tsconfig: join(checkout, 'tsconfig.json'),
    plugins: [whereItStands],
    logLevel: 'silent',
  });
}

/** Made beside its place and moved there whole: two first starts at once do not read each other's half. */
async function madeBundle(folder) {
  const unfinished = `${folder}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    await bundle(unfinished);
    renameSync(unfinished, folder);
    for (const name of readdirSync(cache)) {
      const old = join(cache, name);
      if (old !== folder && statSync(old).mtimeMs < Date.now() - keptMs) rmSync(old, { recursive: true, force: true });
    }
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return existsSync(folder);
}

const folder = join(cache, keyOfSources());
if (existsSync(folder) || (await madeBundle(folder))) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(join(folder, 'cli.mjs')).href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(entry).href);
}
