import { count } from '../numbers.ts'

/** `318 B`, `412 KB`, `1.2 MB`: decimal units. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${count(bytes)}\u00a0B`
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : count(Math.round(value))}\u00a0${['B', 'KB', 'MB', 'GB', 'TB'][power]}`
}

/** With a full stop, and as it is written: what begins with the name of a file or column keeps its first letter. */
export function stopped(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}
