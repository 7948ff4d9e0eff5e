import type { Certificate } from '../../platform/http/index.ts';
import { bad, ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { span } from '../words.ts';

const dayMs = 86_400_000;
const warnDays = 21;
const badDays = 5;
const atOnceMax = 8;

export type CertificateOwner = {
  /** A shop's name, or PUBLIC_URL. */
  readonly subject: string;
  readonly origin: string;
  readonly isOurs: boolean;
};

/** How long the certificates of our own address and of the shops' last. Addresses without https have none. */
export function certificatesCheck(
  owners: () => Promise<readonly CertificateOwner[]>,
  readCertificate: (origin: string, isOurs: boolean, signal: AbortSignal) => Promise<Certificate>,
): DoctorCheck {
  return {
    name: 'certificates',
    title: 'Certificates',
    timeoutMs: 15_000,
    async run(signal) {
      const secure = (await owners()).filter(({ origin }) => origin.startsWith('https:'));
      if (secure.length === 0) return [ok('no address of ours or of a shop uses https')];
      const findings: Finding[] = [];
      const waiting = [...secure];
      const work = async (): Promise<void> => {
        for (let owner = waiting.shift(); owner !== undefined; owner = waiting.shift()) {
          findings.push(await look(owner, readCertificate, signal));
        }
      };
      await Promise.all(Array.from({ length: atOnceMax }, work));
      return findings.toSorted((a, b) => (a.subject ?? '').localeCompare(b.subject ?? ''));
    },
  };
}

async function look(
  { subject, origin, isOurs }: CertificateOwner,
  readCertificate: Parameters<typeof certificatesCheck>[1],
  signal: AbortSignal,
): Promise<Finding> {
  const { hostname } = new URL(origin);
  try {
    return judgeCertificate(subject, hostname, isOurs, await readCertificate(origin, isOurs, signal), Date.now());
  } catch (error) {
    const why = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : 'unknown';
    return warn(`${hostname} does not answer (${why})`, `openssl s_client -connect ${hostname}:443`, subject);
  }
}

export function judgeCertificate(
  subject: string,
  hostname: string,
  isOurs: boolean,
  { validTo, trustError }: Certificate,
  nowMs: number,
): Finding {
  const leftMs = validTo.getTime() - nowMs;
  const step = isOurs ? 'Renew the certificate of PUBLIC_URL.' : 'Tell whoever runs the shop to renew its certificate.';
  if (leftMs <= 0) return bad(`the certificate of ${hostname} ended ${span(-leftMs)} ago`, step, subject);
  if (trustError !== null) return bad(`the certificate of ${hostname} is not trusted: ${trustError}`, step, subject);
  const found = `the certificate of ${hostname} lasts ${Math.floor(leftMs / dayMs)} days`;
  if (leftMs >= warnDays * dayMs) return ok(found, subject);
  return leftMs >= badDays * dayMs ? warn(found, step, subject) : bad(found, step, subject);
}
