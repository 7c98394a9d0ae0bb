/** Hashes of what the page is made of, as counterexample files carry them. */
export interface Fingerprint {
  /** version of the package */
  readonly theorycheck: string;
  /** everything that a trained model and its measurements depend on */
  readonly core: string;
  /** each statement's declaration, by the statement's id */
  readonly statements: Readonly<Record<string, string>>;
}
