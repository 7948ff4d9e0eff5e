import { basename } from 'node:path';
import { z } from 'zod';

/** vitest's JSON report, as far as it is read. */
const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ title: z.string(), fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

export type TestOutcome = {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** What the test said when it failed, without the stack. */
  readonly failure: string | null;
};

export type ConnectorReport = {
  readonly connector: string;
  readonly isGreen: boolean;
  /** The shared suite, a case each; one that does not apply is `skipped`, and its title says why. */
  readonly conformance: readonly TestOutcome[];
  /** The folder's own tests. */
  readonly own: readonly (TestOutcome & { readonly file: string })[];
  /** Files that could not be run at all. */
  readonly unread: readonly { readonly file: string; readonly failure: string }[];
};

const suiteFile = 'conformance.test.ts';

/** Sorts the report of a run into the shared suite and the connector's own tests. Green needs a case that has passed. */
export function readReport(connector: string, json: string): ConnectorReport {
  const { testResults } = vitestReport.parse(JSON.parse(json));
  const files = testResults.map((result) => ({ ...result, file: basename(result.name) }));
  const cases = files.filter(({ file }) => file === suiteFile).flatMap(({ assertionResults }) => assertionResults);
  const suites = new Set(cases.map(suiteOf).filter((suite) => suite !== ''));
  // Several fakes of one connector run the same cases.
  const conformance = cases.map((test) =>
    outcomeOf(suites.size > 1 ? `${suiteOf(test)}: ${test.title}` : test.title, test),
  );
  const own = files
    .filter(({ file }) => file !== suiteFile)
    .flatMap(({ file, assertionResults }) =>
      assertionResults.map((test) => ({ ...outcomeOf(test.fullName, test), file })),
    );
  const unread = files
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ file, message }) => ({ file, failure: firstLines(message) }));
  const isGreen =
    unread.length === 0 &&
    conformance.some(({ state }) => state === 'passed') &&
    [...conformance, ...own].every(({ state }) => state !== 'failed');
  return { connector, isGreen, conformance, own, unread };
}

/** "the sandbox (masked) connector conforms" without its beginning and end. */
function suiteOf({ fullName, title }: { readonly fullName: string; readonly title: string }): string {
  const suite = fullName.endsWith(title) ? fullName.slice(0, fullName.length - title.length).trim() : '';
  return suite.replace(/^the /, '').replace(/ connector conforms$/, '');
}

function outcomeOf(title: string, test: { status: string; failureMessages: readonly string[] }): TestOutcome {
  if (test.status === 'passed') return { title, state: 'passed', failure: null };
  if (test.status !== 'failed') return { title, state: 'skipped', failure: null };
  return { title, state: 'failed', failure: firstLines(test.failureMessages.join('\n')) };
}

/** The message of an error, up to where its stack begins. */
function firstLines(message: string): string {
  const lines = message.split('\n');
  const stack = lines.findIndex((line) => /^ +at /.test(line));
  return lines
    .slice(0, stack === -1 ? 20 : Math.min(stack, 20))
    .join('\n')
    .trim();
}

/** The report for people: the cases, then what failed of the connector's own tests, then the sum. */
export function sayReport(report: ConnectorReport): string[] {
  const { connector, conformance, own, unread } = report;
  const failed = own.filter(({ state }) => state === 'failed');
  return [
    `Conformance of ${connector}`,
    ...conformance.flatMap((outcome) => sayOutcome(outcome, outcome.title.replace(': not applicable,', ':'))),
    ...(conformance.length === 0 ? ['  no case was run'] : []),
    '',
    `Its own tests: ${count(own, 'passed')} passed, ${failed.length} failed`,
    ...failed.flatMap((outcome) => sayOutcome(outcome, `${outcome.file}: ${outcome.title}`)),
    ...unread.flatMap(({ file, failure }) => [`  FAIL  ${file} could not be run`, ...indent(failure)]),
    '',
    `${connector} ${report.isGreen ? 'conforms' : 'does not conform'}: ${count(conformance, 'passed')} cases passed, ` +
      `${count(conformance, 'failed')} failed, ${count(conformance, 'skipped')} not applicable.`,
  ];
}

const marks = { passed: 'pass', failed: 'FAIL', skipped: 'n/a ' } as const;

function sayOutcome({ state, failure }: TestOutcome, title: string): string[] {
  return [`  ${marks[state]}  ${title}`, ...(failure === null ? [] : indent(failure))];
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => `          ${line}`);
}

function count(outcomes: readonly TestOutcome[], state: TestOutcome['state']): number {
  return outcomes.filter((outcome) => outcome.state === state).length;
}
