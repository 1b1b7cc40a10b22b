/** A data object: its fields, and `_type` where the schema's type alone does not say which it is. */
export interface DataObject {
  readonly _type?: string;
  readonly [field: string]: unknown;
}

/** A value with its VIM type, for places where the schema says only anyType. */
export class Typed {
  readonly type: string;
  readonly value: unknown;

  constructor(type: string, value: unknown) {
    this.type = type;
    this.value = value;
  }
}
