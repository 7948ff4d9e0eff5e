import { Command } from 'commander';
import { loadEnv } from '../../../config/env.ts';
import { runDoctor, type DoctorReport, type Finding } from '../../doctor/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { doctorChecks } from '../doctor/doctor-checks.ts';
import { openSubject } from '../doctor/open-subject.ts';
import { printJson, wantsJson } from './print.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything this hub stands on, and say what to do next; exit 1 when something is bad')
    .addHelpText(
      'after',
      `
Looks at the database, its migrations and logins, clocks, the queue, disks, the master key, certificates, workers, shops,
backlog against drain, unknown writes, parked messages, exceptions, unmapped listings, audit seals and backups. It needs no
running server, changes nothing, and goes on where something is away.`,
    )
    .action(async (_options: object, command: Command) => {
      const env = loadEnv();
      const log = createLog({ level: 'error', pretty: true, write: (line) => void process.stderr.write(line) });
      const subject = await openSubject(env, log);
      try {
        const report = await runDoctor(doctorChecks(subject));
        if (wantsJson(command)) printJson(report);
        else printReport(report);
        if (report.verdict === 'bad') process.exitCode = 1;
      } finally {
        await subject.close();
      }
    });
}

const marks = { ok: 'ok  ', warn: 'WARN', bad: 'BAD ', unknown: '?   ' } as const;

function printReport(report: DoctorReport): void {
  const { lines } = report;
  const width = Math.max(...lines.map(({ title }) => title.length));
  for (const { title, verdict, findings } of lines) {
    const [only, ...others] = findings;
    const heading = `${marks[verdict]} ${title.padEnd(width)}`;
    if (only !== undefined && others.length === 0) printFinding(heading, only);
    else {
      console.log(heading.trimEnd());
      for (const finding of findings) printFinding(`  ${marks[finding.verdict]}`, finding);
    }
  }
  console.log(`\n${summary(report)}`);
}

function summary({ verdict, lines }: DoctorReport): string {
  const count = (which: DoctorReport['verdict']): number =>
    lines.flatMap(({ findings }) => findings).filter((finding) => finding.verdict === which).length;
  if (verdict === 'ok') return 'Everything is well.';
  const notSeen = count('unknown') === 0 ? '' : `; ${count('unknown')} could not be looked at`;
  const toLookAt = count('warn') === 0 ? '' : `; ${count('warn')} to look at when there is time (WARN)`;
  return verdict === 'bad'
    ? `${count('bad')} to put right now (BAD)${toLookAt}${notSeen}.`
    : `Nothing is bad${toLookAt}${notSeen}.`;
}

function printFinding(heading: string, { subject, found, nextStep }: Finding): void {
  console.log(`${heading}  ${subject === null ? '' : `${subject}: `}${found}`);
  if (nextStep !== null) console.log(`       next: ${nextStep}`);
}
