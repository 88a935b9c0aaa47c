/** The file's people compared with the account. Without the moment when it was read, all are numbers of people. */
export interface ComparedPeople {
  readonly taken: string;
  /** People in the account, and how many of them the file has. */
  readonly account: number;
  readonly shared: number;
  /** People of the rows to be sent. They are the sum of `new`, `known`, `otherName` and `twoCandidates`. */
  readonly people: number;
  readonly new: number;
  readonly known: number;
  /** How many of the known would change in names, email, phone or location. */
  readonly changed: number;
  /** Their email or phone is there, with other first names only: they would become a second person. */
  readonly otherName: number;
  readonly twoCandidates: number;
}
