import { tryLater, type WebhookAnswer } from './webhook-answer.ts';

/**
 * The answer, or 503 when it takes longer than `ms`. What it was waiting for goes on: a message that is stored after all is
 * known when the channel sends it again.
 */
export function answerWithin(answered: Promise<WebhookAnswer>, ms: number): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(tryLater('database.unavailable')), ms);
    answered.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
