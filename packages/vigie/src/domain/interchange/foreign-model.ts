/** Trees as another tool wrote them, before they are packed. Node 0 is the root; children may be shared. */
export type ForeignTree = readonly ForeignNode[]

export type ForeignNode = ForeignLeaf | ForeignSplit

export interface ForeignLeaf {
  /** A step, a number or a probability of class 1; one probability a class where the output is `classes`. */
  readonly value: number | readonly number[]
  /** Training rows, or their weight, that came here; null where the file does not say. */
  readonly cover: number | null
}

export interface ForeignSplit {
  /** Index into the inputs of the model. */
  readonly input: number
  /** What goes left. */
  readonly test: Test
  readonly missingLeft: boolean
  readonly left: number
  readonly right: number
  readonly cover: number | null
}

/** `atMost`: a float64 compared exactly, whatever the tool rounds. `oneOf`: codes of categories, as the file has them. */
export type Test = { readonly atMost: number } | { readonly oneOf: ReadonlySet<number> }

/** An input of the file by its own name. */
export interface ForeignInput {
  readonly name: string
  /** Texts of its categories, whose positions are their codes; null where the file has none. */
  readonly categories: readonly string[] | null
}

/** What the leaves make: as `Objective`, and `mean` for leaves whose mean is the answer. */
export type ForeignOutput =
  | { readonly kind: 'mean' }
  | { readonly kind: 'logistic'; readonly base: number }
  | { readonly kind: 'sum'; readonly base: number }
  /** Tree `t` adds to the class `treeClasses[t]`. */
  | { readonly kind: 'softmax'; readonly bases: readonly number[]; readonly treeClasses: readonly number[] }
  | { readonly kind: 'classes'; readonly classes: number }

/** Trees of another tool, in the words that all of them share. */
export interface ForeignModel {
  readonly tool: ForeignTool
  /** Version of the tool or of its format, as the file says. */
  readonly version: string
  readonly inputs: readonly ForeignInput[]
  readonly trees: readonly ForeignTree[]
  readonly output: ForeignOutput
  /** What a reader should know about the translation. */
  readonly notes: readonly string[]
}

export type ForeignTool = 'LightGBM' | 'XGBoost' | 'ONNX'
