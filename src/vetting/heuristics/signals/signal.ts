/** One way to do a thing in code. */
export interface Signal<Label> {
  label: Label;
  /** Global. */
  pattern: RegExp;
  /** Words as of `PatternRule.words`, separated by spaces. */
  words: string;
}
