/** `unknown`: it could not be looked at, which is no proof of anything. */
export type Verdict = 'ok' | 'warn' | 'bad' | 'unknown';

export type Finding = {
  readonly verdict: Verdict;
  /** One thing of several that a check looks at: a shop, a folder; null where there is only one. */
  readonly subject: string | null;
  /** What was found, in a sentence with its numbers. */
  readonly found: string;
  /** A command or a setting; null where nothing is to be done. */
  readonly nextStep: string | null;
};

export type DoctorCheck = {
  readonly name: string;
  readonly title: string;
  /** Every check has an end: 5 s when absent. */
  readonly timeoutMs?: number;
  /** Answers with at least one finding. What it throws becomes `unknown`. */
  run(signal: AbortSignal): Promise<readonly Finding[]>;
};

export function ok(found: string, subject: string | null = null): Finding {
  return { verdict: 'ok', subject, found, nextStep: null };
}

export function warn(found: string, nextStep: string, subject: string | null = null): Finding {
  return { verdict: 'warn', subject, found, nextStep };
}

export function bad(found: string, nextStep: string, subject: string | null = null): Finding {
  return { verdict: 'bad', subject, found, nextStep };
}

export function unknown(found: string, nextStep: string | null, subject: string | null = null): Finding {
  return { verdict: 'unknown', subject, found, nextStep };
}

const gravity: readonly Verdict[] = ['ok', 'unknown', 'warn', 'bad'];

export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((a, b) => (gravity.indexOf(b) > gravity.indexOf(a) ? b : a), 'ok');
}
