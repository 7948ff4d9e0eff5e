import { doctorCheckTimeoutMs } from '../../config/defaults.ts';
import { Fault } from '../kernel/index.ts';
import { isConnectionLost, sqlState } from '../platform/db/index.ts';
import { unknown, worst, type DoctorCheck, type Finding, type Verdict } from './finding.ts';

export type DoctorLine = {
  readonly name: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly tookMs: number;
  readonly findings: readonly Finding[];
};

export type DoctorReport = { readonly verdict: Verdict; readonly lines: readonly DoctorLine[] };

/** Runs all checks at once. One that throws or hangs is `unknown` when its own time is over, and stops no other. */
export async function runDoctor(checks: readonly DoctorCheck[]): Promise<DoctorReport> {
  const lines = await Promise.all(checks.map(runCheck));
  return { verdict: worst(lines.map((line) => line.verdict)), lines };
}

async function runCheck(check: DoctorCheck): Promise<DoctorLine> {
  const { name, title } = check;
  const startedMs = performance.now();
  const findings = await inTime(check);
  const verdict = worst(findings.map((finding) => finding.verdict));
  return { name, title, verdict, tookMs: Math.round(performance.now() - startedMs), findings };
}

async function inTime(check: DoctorCheck): Promise<readonly Finding[]> {
  const timeoutMs = check.timeoutMs ?? doctorCheckTimeoutMs;
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(() => {
      end.abort();
      resolve([unknown(`no answer within ${timeoutMs / 1_000} s`, 'Look at what it depends on, then run it again.')]);
    }, timeoutMs);
  });
  const asked = Promise.resolve()
    .then(() => check.run(end.signal))
    .catch((error: unknown) => [failed(error)]);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of an unexpected error only its name and code: its message may carry what was asked for. */
function failed(error: unknown): Finding {
  const isAway = isConnectionLost(error) || (error instanceof Fault && error.code.startsWith('database.'));
  if (isAway) return unknown('needs the database, which is away', null);
  if (error instanceof Fault) return unknown(`${error.code}: ${error.message}`, null);
  const code = sqlState(error);
  if (code === '42P01' || code === '42703') return unknown('needs tables that the database lacks', null);
  const name = error instanceof Error ? error.name : 'an error';
  return unknown(`could not be looked at: ${name}${code === null ? '' : ` ${code}`}`, null);
}
