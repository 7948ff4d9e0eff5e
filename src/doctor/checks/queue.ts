import type { QueueFacts } from '../../platform/queue/index.ts';
import { bad, ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { bytes, counted } from '../words.ts';

const memoryShareAlarm = 0.7;
const waitingMany = 10_000;

export function queueCheck(inspect: () => Promise<QueueFacts>, isRedis: boolean): DoctorCheck {
  return {
    name: 'queue',
    title: 'Queue',
    async run() {
      try {
        return judgeQueue(await inspect());
      } catch (error) {
        if (!isRedis) throw error;
        return [bad('Redis does not answer: work waits for sweeps', 'Start Redis, or correct REDIS_URL.')];
      }
    },
  };
}

export function judgeQueue(facts: QueueFacts): Finding[] {
  const findings = facts.backend === 'redis' ? redisFindings(facts) : [];
  if (facts.waiting !== null && facts.waiting > waitingMany) {
    findings.push(warn(ringsWait(facts.waiting), 'Start a worker: wharf worker'));
  }
  if (findings.length > 0) return findings;
  return [
    facts.backend === 'postgres'
      ? ok(`in PostgreSQL, ${ringsWait(facts.waiting)}`)
      : ok(`Redis ${facts.version}, noeviction, ${bytes(facts.memoryBytes)} used, ${ringsWait(facts.waiting)}`),
  ];
}

function ringsWait(waiting: number | null): string {
  if (waiting === null) return 'not known how many calls to work wait';
  return waiting === 0 ? 'nothing waits in it' : `${counted(waiting, 'call')} to work wait${waiting === 1 ? 's' : ''}`;
}

function redisFindings(facts: Extract<QueueFacts, { backend: 'redis' }>): Finding[] {
  const [major = 0, minor = 0] = facts.version.split('.').map(Number);
  const share = facts.memoryMaxBytes > 0 ? facts.memoryBytes / facts.memoryMaxBytes : 0;
  return [
    ...(major > 6 || (major === 6 && minor >= 2)
      ? []
      : [bad(`is Redis ${facts.version}`, 'Upgrade Redis to 6.2 or later.')]),
    ...(facts.policy === 'noeviction'
      ? []
      : [bad(`evicts jobs: maxmemory-policy is ${facts.policy}`, 'redis-cli config set maxmemory-policy noeviction')]),
    ...(share < memoryShareAlarm
      ? []
      : [
          (share < 0.9 ? warn : bad)(
            `uses ${Math.round(share * 100)} % of its ${bytes(facts.memoryMaxBytes)}`,
            'Raise maxmemory: a full Redis stops rings, and work then waits for sweeps.',
          ),
        ]),
    ...(facts.hasAof
      ? []
      : [
          warn(
            'keeps no append-only file: rings are lost with it, and sweeps find the work',
            'redis-cli config set appendonly yes',
          ),
        ]),
  ];
}
