import type { Grammar } from '../speech.ts';
import { stateWordsZh } from '../state-words-zh.ts';

export const zhGrammar: Grammar = {
  language: 'zh',
  states: stateWordsZh,
  day: (year, month, day) => `${year}年${month}月${day}日`,
  dayAndClock: (day, clock) => `${day} ${clock}`,
  list: (words) => words.join('、'),
  item: ({ sku, quantity }) => `${sku} × ${quantity}`,
  by: ({ kind, name }) => (kind === 'hub' ? '系统自动' : kind === 'terminal' ? '人工' : `由${name ?? '某人'} `),
  faults: {
    unavailable: '无法连接',
    rate_limited: '对方要求放慢请求',
    unauthorised: '授权已失效',
    outcome_unknown: '未收到答复',
    not_found: '对方查无此单或此商品',
    conflict: '对方同时有改动',
    gone: '对方已停止接收',
    unknown_code: '对方返回了无法识别的内容',
    internal: '我方程序出错，详见日志',
    'stock.unanswered': '对方没有说明该数量的处理结果',
  },
  quote: (text) => `“${text.replace(/[.。]+$/, '')}”`,
  set: spaceOut,
};

/** A space between Han characters and Latin letters or digits, as they are set; none inside a date. */
function spaceOut(text: string): string {
  return text
    .replaceAll(/(\p{Script=Han})(?=[A-Za-z0-9])/gu, '$1 ')
    .replaceAll(/([A-Za-z0-9])(?=\p{Script=Han})/gu, '$1 ')
    .replaceAll(/(?<=\d) (?=[年月日])|(?<=[年月]) (?=\d)/gu, '');
}
