/** Bytes by their own hash: write once, verify on every read. */
export interface ArtefactStore {
  /** Stores and returns the sha256 in hex. Storing the same bytes again is free. */
  put(bytes: Uint8Array): Promise<string>
  /** Throws `artefact_missing`, or `artefact_corrupt` when the bytes no longer have this hash. */
  get(sha256: string): Promise<Uint8Array>
}
