/**
 * How much the rows of each class count. `balanced`: n / (classes * rows of the class), so that all classes count the
 * same. Or a number above 0 for classes by name (those of a boolean are `false` and `true`), and 1 for all others.
 */
export type ClassWeight = 'balanced' | 'none' | Readonly<Record<string, number>>
