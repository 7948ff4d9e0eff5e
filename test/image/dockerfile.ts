export type Instruction = { readonly name: string; readonly text: string };
export type Stage = { readonly from: string; readonly name: string; readonly instructions: readonly Instruction[] };

/** The stages of a Dockerfile, comments and line continuations resolved. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { from: string; name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [from = '', , stage = String(stages.length)] = rest.split(/\s+/);
      stages.push({ from, name: stage, instructions: [] });
    } else if (name === '') throw new Error(`not an instruction: ${line}`);
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  if (stages.length === 0) throw new Error('no stage');
  return stages;
}

/** The words of an instruction in exec form: `CMD ["start"]`, or after HEALTHCHECK's options. */
export function execForm(stages: readonly Stage[], name: string): string[] {
  const instruction = stages.at(-1)?.instructions.find((candidate) => candidate.name === name);
  const json = /\[.*\]$/.exec(instruction?.text ?? '')?.[0];
  if (json === undefined) throw new Error(`${name} is not there in exec form`);
  return JSON.parse(json) as string[];
}

/** `ENV a=b c=d` of the last stage. */
export function environmentOf(stages: readonly Stage[]): Record<string, string> {
  const texts = stages.at(-1)?.instructions.filter(({ name }) => name === 'ENV') ?? [];
  return Object.fromEntries(
    texts.flatMap(({ text }) => text.split(/\s+/).map((pair) => pair.split('=') as [string, string])),
  );
}
