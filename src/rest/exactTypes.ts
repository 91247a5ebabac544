/**
 * Types without extra keys. TypeScript lets a function return an object with more keys than its type has; in an answer they would show what
 * no document prints, and in variables they would break the operation.
 */

/** The keys of each member of a union. */
type KeysOf<Shape> = Shape extends unknown ? keyof Shape : never
/** What each member of a union holds under a key. */
type At<Shape, Key extends PropertyKey> = Shape extends unknown ? (Key extends keyof Shape ? Shape[Key] : never) : never
type ItemOf<Shape> = Shape extends readonly (infer Item)[] ? Item : never

/** `Given`, where whatever `Shape` does not know is `never`, at any depth. */
export type Exactly<Given, Shape> = unknown extends Shape
  ? Given
  : Given extends readonly (infer Item)[]
    ? readonly Exactly<Item, ItemOf<Shape>>[]
    : Given extends Date | ((...args: never[]) => unknown)
      ? Given
      : Given extends object
        ? { readonly [Key in keyof Given]: Key extends KeysOf<Shape> ? Exactly<Given[Key], At<Shape, Key>> : never }
        : Given
