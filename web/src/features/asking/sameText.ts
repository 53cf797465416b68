/** Whether *typed* is *wanted*, but for blanks that nobody sees. */
export function sameText(typed: string, wanted: string): boolean {
  const plain = (words: string) => words.trim().replace(/\s+/g, " ");
  return plain(typed) === plain(wanted);
}
