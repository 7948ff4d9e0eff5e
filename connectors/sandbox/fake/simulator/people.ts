import type { ShopAddress } from '../state.ts';

/** Invented people. Domains are those reserved for examples (RFC 2606). */
const names = [
  ['Anna Weber', 'DE'],
  ['Oliver Grant', 'GB'],
  ['Maria Costa', 'PT'],
  ['Jonas Lind', 'SE'],
  ['Claire Moreau', 'FR'],
  ['Tom Becker', 'DE'],
  ['李伟', 'CN'],
  ['王芳', 'CN'],
  ['张敏', 'CN'],
  ['陈思远', 'CN'],
  ['周晓雨', 'CN'],
  ['林子涵', 'CN'],
] as const;

type Place = Pick<ShopAddress, 'lines' | 'district' | 'city' | 'region' | 'postalCode'> & { phone: string };

const places: Readonly<Record<(typeof names)[number][1], readonly [Place, ...Place[]]>> = {
  DE: [place('Lindenstraße 14', '', 'Hamburg', '', '20095', '+49 40 5550101')],
  GB: [place('8 Harbour Lane', '', 'Bristol', '', 'BS1 4QA', '+44 117 496 0102')],
  PT: [place('Rua do Cais 21', '', 'Porto', '', '4050-265', '+351 220 000 103')],
  SE: [place('Sjögatan 3', '', 'Malmö', '', '211 20', '+46 40 606 0104')],
  FR: [place('5 rue des Quais', '', 'Nantes', '', '44000', '+33 2 55 55 01 05')],
  CN: [
    place('文三路 398 号 5 幢 302 室', '西湖区', '杭州市', '浙江省', '310012', '+86 138 0000 0106'),
    place('科苑南路 2666 号', '南山区', '深圳市', '广东省', '518054', '+86 139 0000 0107'),
    place('武康路 100 弄 8 号', '徐汇区', '上海市', '上海市', '200031', '+86 136 0000 0108'),
  ],
};

export function pickPerson(random: () => number): ShopAddress {
  const index = Math.floor(random() * names.length);
  const [name, countryCode] = names[index] ?? names[0];
  const choices = places[countryCode];
  const { phone, ...where } = choices[Math.floor(random() * choices.length)] ?? choices[0];
  return { name, phone, email: `buyer${index + 1}@example.org`, ...where, countryCode };
}

function place(line: string, district: string, city: string, region: string, postalCode: string, phone: string): Place {
  return { lines: [line], district, city, region, postalCode, phone };
}
