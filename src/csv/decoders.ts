/** Decodes a stream of bytes, chunk by chunk. */
export interface StreamDecoder {
  /** The standard name of the encoding. */
  readonly encoding: string;
  decode(chunk: Uint8Array): string;
  /** The text of the last bytes, at the end of the input. */
  end(): string;
}

/**
 * The upper halves of DOS code pages, in which old cash registers and "CSV (MS-DOS)" of Excel write. TextDecoder has none of them.
 * https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/
 */
const dosPages: Readonly<Record<string, string>> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
    '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
};

const dosLabel = /^(?:cp|ibm|dos)?-?(437|850|852)$/i;

/** Makes a decoder for an encoding by any of its labels. @throws RangeError for a label that names none. */
export function createDecoder(label: string): StreamDecoder {
  const [, number] = dosLabel.exec(label.trim()) ?? [];
  const page = number === undefined ? undefined : dosPages[`cp${number}`];
  if (page !== undefined) {
    const table = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte)).join('') + page;
    return { encoding: `cp${number}`, decode: (chunk) => decodeBytes(chunk, table), end: () => '' };
  }
  const decoder = new TextDecoder(label);
  return {
    encoding: decoder.encoding,
    // Always as a stream: decoding windows-1252 in one go is wrong on Node 20.
    decode: (chunk) => decoder.decode(chunk, { stream: true }),
    end: () => decoder.decode(),
  };
}

function decodeBytes(chunk: Uint8Array, table: string): string {
  let text = '';
  for (const byte of chunk) text += table.charAt(byte);
  return text;
}
