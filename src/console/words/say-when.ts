import type { Words } from './words.ts';

/** How long ago, or how long until, in the largest whole unit. */
export function sayWhen(at: Date, now: Date, words: Words): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1_000);
  return seconds >= 0 ? sayAgo(seconds, words) : sayUntil(-seconds, words);
}

function sayAgo(seconds: number, words: Words): string {
  if (seconds < 1) return words.now;
  if (seconds < 60) return words.secondsAgo(seconds);
  if (seconds < 3_600) return words.minutesAgo(Math.floor(seconds / 60));
  if (seconds < 86_400) return words.hoursAgo(Math.floor(seconds / 3_600));
  return words.daysAgo(Math.floor(seconds / 86_400));
}

function sayUntil(seconds: number, words: Words): string {
  if (seconds < 60) return words.inSeconds(seconds);
  if (seconds < 3_600) return words.inMinutes(Math.ceil(seconds / 60));
  if (seconds < 86_400) return words.inHours(Math.ceil(seconds / 3_600));
  return words.inDays(Math.ceil(seconds / 86_400));
}
