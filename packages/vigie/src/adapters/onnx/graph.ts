import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** What a node is told beside its inputs. */
export type Attribute =
  | { readonly int: number }
  | { readonly text: string }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly texts: readonly string[] }

type Part = (writer: BinaryWriter) => void

/** Element types of tensors. */
export const Type = { float: 1, int64: 7, text: 8, double: 11 } as const

/** Of `AttributeProto.type`. */
const AttributeType = { int: 2, text: 3, floats: 6, ints: 7, texts: 8 } as const

interface Port {
  readonly name: string
  readonly type: number
  /** A dimension that has a name has any length. */
  readonly shape: readonly (number | string)[]
}

/**
 * An ONNX graph that is written node by node (onnx.proto of ONNX 1.9 and later). Each method returns the name of what it
 * adds.
 */
export class GraphWriter {
  readonly #nodes: Part[] = []
  readonly #constants: Part[] = []
  readonly #operators = new Map([['', 15]])
  #names = 0

  /** One output of one operator; `domain` is that of the operator, at that version of its operators. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { domain = '', version = 15, output = `${operator}_${this.#names++}` } = {},
  ): string {
    this.#operators.set(domain, version)
    this.#nodes.push((writer) => {
      for (const input of inputs) text(writer, 1, input)
      text(writer, 2, output)
      text(writer, 3, output)
      text(writer, 4, operator)
      for (const [name, value] of Object.entries(attributes)) part(writer, 5, attribute(name, value))
      if (domain !== '') text(writer, 7, domain)
    })
    return output
  }

  doubles(values: ArrayLike<number>, shape: readonly number[]): string {
    return this.#constant(shape, Type.double, (writer) => {
      part(writer, 10, (packed) => {
        for (let i = 0; i < values.length; i++) packed.double(values[i]!)
      })
    })
  }

  int64s(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#constant(shape, Type.int64, (writer) => {
      part(writer, 7, (packed) => {
        for (const value of values) packed.int64(value)
      })
    })
  }

  #constant(shape: readonly number[], type: number, values: Part): string {
    const name = `constant_${this.#names++}`
    this.#constants.push((writer) => {
      part(writer, 1, (packed) => {
        for (const length of shape) packed.int64(length)
      })
      whole(writer, 2, type)
      values(writer)
      text(writer, 8, name)
    })
    return name
  }

  /** The bytes of the model. */
  model({
    inputs,
    outputs,
    ...about
  }: {
    readonly name: string
    readonly producer: { readonly name: string; readonly version: string }
    readonly text: string
    readonly inputs: readonly Port[]
    readonly outputs: readonly Port[]
    readonly metadata: Readonly<Record<string, string>>
  }): Uint8Array {
    const writer = new BinaryWriter()
    whole(writer, 1, IR_VERSION)
    text(writer, 2, about.producer.name)
    text(writer, 3, about.producer.version)
    text(writer, 6, about.text)
    part(writer, 7, (graph) => {
      for (const node of this.#nodes) part(graph, 1, node)
      text(graph, 2, about.name)
      for (const constant of this.#constants) part(graph, 5, constant)
      for (const input of inputs) part(graph, 11, port(input))
      for (const output of outputs) part(graph, 12, port(output))
    })
    for (const [domain, version] of this.#operators) {
      part(writer, 8, (set) => {
        text(set, 1, domain)
        whole(set, 2, version)
      })
    }
    for (const [key, value] of Object.entries(about.metadata)) {
      part(writer, 14, (entry) => {
        text(entry, 1, key)
        text(entry, 2, value)
      })
    }
    return writer.finish()
  }
}

/** Of ONNX 1.10, which reads and writes operators of version 15. */
const IR_VERSION = 8

function attribute(name: string, value: Attribute): Part {
  return (writer) => {
    text(writer, 1, name)
    if ('int' in value) whole(writer, 3, value.int)
    else if ('text' in value) text(writer, 4, value.text)
    else if ('texts' in value) for (const each of value.texts) text(writer, 9, each)
    else {
      const isWhole = 'ints' in value
      const numbers = isWhole ? value.ints : value.floats
      part(writer, isWhole ? 8 : 7, (packed) => {
        for (let i = 0; i < numbers.length; i++) isWhole ? packed.int64(numbers[i]!) : packed.float(numbers[i]!)
      })
    }
    whole(writer, 20, AttributeType[Object.keys(value)[0] as keyof typeof AttributeType])
  }
}

function port({ name, type, shape }: Port): Part {
  return (writer) => {
    text(writer, 1, name)
    part(writer, 2, (kind) => {
      part(kind, 1, (tensor) => {
        whole(tensor, 1, type)
        part(tensor, 2, (dimensions) => {
          for (const length of shape) {
            part(dimensions, 1, (dimension) => {
              if (typeof length === 'string') text(dimension, 2, length)
              else whole(dimension, 1, length)
            })
          }
        })
      })
    })
  }
}

function part(writer: BinaryWriter, field: number, write: Part): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write(writer)
  writer.join()
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value)
}

function whole(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value)
}
