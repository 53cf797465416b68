/** A fingerprint as other tools print it: pairs in capitals, so that it can be compared by eye. */
export function fingerprintText(fingerprint: string): string {
  const digits = fingerprint.replace(/[^0-9a-f]/gi, "").toUpperCase();
  return (digits.match(/../g) ?? []).join(":");
}
