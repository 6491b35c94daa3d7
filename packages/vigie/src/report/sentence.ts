/** A reason from a decision as a sentence of the page: a capital letter in front, a full stop behind. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(first) ? first : `${first}.`
}
