import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { refused } from '../../domain/interchange/refused.ts'

/** The fields of a protobuf message, each time that they appear, unread. */
export class Message {
  readonly #fields = new Map<number, { readonly type: WireType; readonly value: Uint8Array | number }[]>()

  /** Throws `model_file_invalid` for bytes that are no message. */
  constructor(bytes: Uint8Array) {
    try {
      this.#read(new BinaryReader(bytes))
    } catch (cause) {
      // the reader's words for bytes that end too early, or are no tags
      if (!(cause instanceof RangeError || cause instanceof Error)) throw cause
      throw refused('model_file_invalid', 'an ONNX file is a protobuf message', cause.message)
    }
  }

  #read(reader: BinaryReader): void {
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag()
      const found = this.#fields.get(field) ?? []
      if (type === WireType.LengthDelimited) found.push({ type, value: reader.bytes() })
      else if (type === WireType.Varint) found.push({ type, value: Number(reader.int64()) })
      else if (type === WireType.Bit32) found.push({ type, value: reader.float() })
      else reader.skip(type, field)
      this.#fields.set(field, found)
    }
  }

  /** Numbers of the fields that appear. */
  fields(): readonly number[] {
    return [...this.#fields.keys()]
  }

  has(field: number): boolean {
    return this.#fields.has(field)
  }

  messages(field: number): readonly Message[] {
    return this.#bytes(field).map((bytes) => new Message(bytes))
  }

  message(field: number): Message | null {
    const bytes = this.#bytes(field).at(-1)
    return bytes === undefined ? null : new Message(bytes)
  }

  texts(field: number): readonly string[] {
    return this.#bytes(field).map((bytes) => new TextDecoder().decode(bytes))
  }

  text(field: number): string {
    return this.texts(field).at(-1) ?? ''
  }

  whole(field: number): number {
    const found = this.#fields.get(field)?.at(-1)
    return typeof found?.value === 'number' ? found.value : 0
  }

  /** Repeated whole numbers, packed or one by one. */
  wholes(field: number): readonly number[] {
    return this.#numbers(field, (reader) => Number(reader.int64()))
  }

  floats(field: number): readonly number[] {
    return this.#numbers(field, (reader) => reader.float())
  }

  doubles(field: number): readonly number[] {
    return this.#numbers(field, (reader) => reader.double())
  }

  bytes(field: number): Uint8Array | null {
    return this.#bytes(field).at(-1) ?? null
  }

  #bytes(field: number): readonly Uint8Array[] {
    return (this.#fields.get(field) ?? []).flatMap(({ value }) => (typeof value === 'number' ? [] : [value]))
  }

  #numbers(field: number, next: (reader: BinaryReader) => number): readonly number[] {
    const values: number[] = []
    for (const { value } of this.#fields.get(field) ?? []) {
      if (typeof value === 'number') values.push(value)
      else {
        const reader = new BinaryReader(value)
        try {
          while (reader.pos < reader.len) values.push(next(reader))
        } catch (cause) {
          if (!(cause instanceof Error)) throw cause
          throw refused('model_file_invalid', 'lists of numbers are whole', cause.message)
        }
      }
    }
    return values
  }
}
