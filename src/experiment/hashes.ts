/** The code that evidence belongs to, as hashes: what runs trials, and what declares the statements. */
export interface Hashes {
  readonly core: string;
  /** Of the module that declares each statement, with all that it imports, by id. */
  readonly statements: Readonly<Record<string, string>>;
  /** Of the module that declares them all, with all that it imports; or why that is not known. */
  readonly declarations: string | { readonly unknown: string };
}
