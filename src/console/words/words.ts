import type { en } from './en.ts';

type Widened<Word> = Word extends (...input: infer Input) => string ? (...input: Input) => string : string;

export type Words = { readonly [Key in keyof typeof en]: Widened<(typeof en)[Key]> };
