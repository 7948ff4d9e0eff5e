import type { ChannelAddress } from '../../connector-kit/index.ts';
import type { MaskedReceiver } from '../rows.ts';

/** What lists and logs of people may show: the first letter of a name, the end of a phone number, the place. */
export function maskReceiver(address: ChannelAddress): MaskedReceiver {
  const { city, region, postalCode, countryCode } = address;
  return { name: maskName(address.name), phone: maskPhone(address.phone), city, region, postalCode, countryCode };
}

function maskName(name: string): string {
  const [first] = name.trim();
  return first === undefined ? '' : `${first}**`;
}

/** Fewer than seven digits show nothing: four of them would be most of the number. */
function maskPhone(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '');
  if (digits === '') return '';
  return digits.length < 7 ? '***' : `***${digits.slice(-4)}`;
}
