import { isRecord, type Json } from '../json.ts';

/** What Slack would say about a block, each with the JSON pointer of the place. */
export interface Problems {
  readonly list: string[];
  add(pointer: string, message: string): void;
}

export function createProblems(): Problems {
  const list: string[] = [];
  return {
    list,
    add: (pointer, message) => {
      list.push(`${message} [json-pointer:${pointer}]`);
    },
  };
}

/** A place in what is being checked: the value and the pointer to it. */
export class Place {
  readonly problems: Problems;
  readonly pointer: string;
  readonly value: unknown;

  constructor(problems: Problems, pointer: string, value: unknown) {
    this.problems = problems;
    this.pointer = pointer;
    this.value = value;
  }

  get json(): Json {
    return isRecord(this.value) ? this.value : {};
  }

  get type(): string {
    const type = this.json['type'];
    return typeof type === 'string' ? type : '';
  }

  fail(message: string): void {
    this.problems.add(this.pointer, message);
  }

  at(key: string): Place {
    return new Place(this.problems, `${this.pointer}/${key}`, this.json[key]);
  }

  has(key: string): boolean {
    return this.json[key] !== undefined && this.json[key] !== null;
  }

  /** The elements of a list; complains when it is no list or outside of these lengths. */
  items(min: number, max: number): readonly Place[] {
    if (!Array.isArray(this.value)) {
      this.fail('must provide an array');
      return [];
    }
    const list: readonly unknown[] = this.value;
    if (list.length < min) this.fail(`no less than ${min} items allowed`);
    if (list.length > max) this.fail(`no more than ${max} items allowed`);
    return list.map((item, index) => new Place(this.problems, `${this.pointer}/${index}`, item));
  }

  /** Complains when this is no object, or has a field that Slack does not know. */
  fields(known: readonly string[], required: readonly string[] = []): boolean {
    if (!isRecord(this.value)) {
      this.fail('must provide an object');
      return false;
    }
    for (const key of Object.keys(this.value))
      if (!known.includes(key)) this.fail(`invalid additional property: ${key}`);
    for (const key of required) if (!this.has(key)) this.fail(`missing required field: ${key}`);
    return true;
  }

  /** A plain JSON string of this length; absence is fine. */
  string(max: number, min = 0): void {
    if (this.value === undefined || this.value === null) return;
    if (typeof this.value !== 'string') this.fail('must be a string');
    else if (this.value.length > max) this.fail(`must be less than ${max + 1} characters`);
    else if (this.value.length < min) this.fail(`must be more than ${min - 1} characters`);
  }

  oneOf(values: readonly string[]): void {
    if (this.value === undefined || this.value === null) return;
    if (typeof this.value !== 'string' || !values.includes(this.value))
      this.fail(`must be one of: ${values.join(', ')}`);
  }

  boolean(): void {
    if (this.value !== undefined && typeof this.value !== 'boolean') this.fail('must be a boolean');
  }

  integer(min: number, max: number): void {
    if (this.value === undefined || this.value === null) return;
    const number = this.value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max)
      this.fail(`must be an integer between ${min} and ${max}`);
  }

  url(max = 3000): void {
    if (this.value === undefined || this.value === null) return;
    this.string(max, 1);
    if (typeof this.value === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(this.value))
      this.fail('must be a valid url');
  }
}
