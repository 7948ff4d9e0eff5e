export type Language = 'en' | 'zh';

/** The language asked for by `?lang=`, else the one kept in the cookie, else the first of Accept-Language that we speak. */
export function chooseLanguage(from: {
  readonly asked: string | undefined;
  readonly kept: string | undefined;
  readonly accepted: string | undefined;
}): Language {
  return languageOf(from.asked) ?? languageOf(from.kept) ?? acceptedLanguage(from.accepted ?? '') ?? 'en';
}

/** Of a tag (`zh-Hans-CN`) or a locale (`zh_CN.UTF-8`). */
export function languageOf(tag: string | undefined): Language | null {
  const primary = tag?.trim().toLowerCase().split(/[-_.]/, 1)[0];
  return primary === 'en' || primary === 'zh' ? primary : null;
}

/**
 * The first of an Accept-Language header that we speak. RFC 9110: a tag without `q` weighs 1, `q=0` is refused; equal
 * weights go in the order given.
 */
function acceptedLanguage(header: string): Language | null {
  const ranked = header
    .split(',', 20)
    .map((part) => {
      const [tag, ...parameters] = part.split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
      return { language: languageOf(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return ranked.find(({ language }) => language !== null)?.language ?? null;
}
