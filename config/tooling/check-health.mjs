// check-health.mjs PORT: asks the /readyz of this container; exit 1 when it is not ready. Slim images have no curl.
const [port = '3000'] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) }).catch(() => null);
process.exitCode = answer?.ok === true ? 0 : 1;
