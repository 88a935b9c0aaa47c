/** The encoding of a file and how that is known. */
export interface EncodingProof {
  /** A name for `csv.encoding`; `?` when the bytes allow several readings. */
  readonly encoding: string;
  readonly certainty: 'sure' | 'likely' | 'open';
  readonly proof: string;
  /** Words of the file as each possible encoding reads them; the first is the one taken. */
  readonly readings: readonly { readonly encoding: string; readonly words: readonly string[] }[];
}
