import { InvalidInput } from "../../invalid-input.ts";
import { quoted } from "./quoted.ts";

/**
 * The few opcodes of pickle that a state_dict is made of, and no others: an interpreter of data. A pickle is a program for
 * a stack machine that may import and call whatever Python can; here a name that it imports is looked up in a table of what
 * a state_dict needs, and what is not in the table is refused by its name. Nothing is imported and nothing is executed.
 */

/** What a name stands for: a value, or what makes one of the arguments that it is called with. */
export type Allowed = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** What a pickle names and does not hold: its persistent id becomes this. */
export type Persistent = (id: unknown) => unknown;

/** A dict, in its order. */
export type Dict = Map<unknown, unknown>;

interface Named {
  readonly name: string;
  readonly make: (...args: readonly unknown[]) => unknown;
}

/** A byte makes a dict: without an end to it a short file would fill the memory. A tensor takes five of them. */
const MOST_MADE = 2_000_000;

const MARK = Symbol("mark");

/** An opcode: reads its arguments, changes the stack. Returns what STOP leaves. */
type Opcode = (machine: Machine) => void;

/** What a pickle builds. @throws InvalidInput naming the first thing that no state_dict needs */
export function unpickled(bytes: Uint8Array, file: string, allowed: Allowed, persistent: Persistent): unknown {
  const machine = new Machine(bytes, file, allowed, persistent);
  for (;;) {
    const at = machine.at;
    const code = machine.byte();
    if (code === STOP) break;
    const opcode = OPCODES[code];
    if (opcode === undefined) {
      return machine.refuse(`no state_dict has opcode 0x${code.toString(16).padStart(2, "0")}, got it at byte ${at}`);
    }
    opcode(machine);
  }
  return machine.pop();
}

class Machine {
  at = 0;
  #made = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  readonly #allowed: Allowed;
  readonly #persistent: Persistent;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, file: string, allowed: Allowed, persistent: Persistent) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#allowed = allowed;
    this.#persistent = persistent;
  }

  refuse(what: string): never {
    throw new InvalidInput(`${this.#file}: ${what}`);
  }

  /** The next bytes. */
  take(length: number): number {
    const at = this.at;
    if (at + length > this.#bytes.length) this.refuse(`is cut, its pickle ends at byte ${this.#bytes.length}`);
    this.at = at + length;
    return at;
  }

  byte(): number {
    return this.#bytes[this.take(1)] as number;
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.take(4), true);
  }

  /** Pickles write these with the greater byte first. */
  double(): number {
    return this.#view.getFloat64(this.take(8));
  }

  /** An integer in two's complement, in its own number of bytes. */
  long(length: number): number {
    const start = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[start + i] as number);
    const number = Number(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
    return Number.isSafeInteger(number) ? number : this.refuse(`an integer must be below 2^53, got ${number}`);
  }

  text(length: number): string {
    const start = this.take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.#bytes.subarray(start, start + length));
    } catch {
      return this.refuse(`text must be UTF-8, got other bytes at byte ${start}`);
    }
  }

  line(): string {
    const end = this.#bytes.indexOf(10, this.at);
    if (end < 0) this.refuse(`is cut, its pickle ends at byte ${this.#bytes.length}`);
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  push(value: unknown): void {
    if (typeof value === "object" && ++this.#made > MOST_MADE)
      this.refuse(`must make at most ${MOST_MADE} dicts and lists`);
    this.#stack.push(value);
  }

  pop(): unknown {
    const value = this.#stack.length === 0 ? MARK : this.#stack.pop();
    return value === MARK ? this.refuse(`its pickle takes from an empty stack before byte ${this.at}`) : value;
  }

  top(): unknown {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.#stack.push(MARK);
  }

  /** All above the last mark, which goes too. */
  popToMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) this.refuse(`its pickle looks for a mark that is not there before byte ${this.at}`);
    const values = this.#stack.splice(mark + 1);
    this.#stack.pop();
    return values;
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    if (!this.#memo.has(index)) this.refuse(`its pickle asks for value ${index}, which it did not keep`);
    this.push(this.#memo.get(index));
  }

  name(module: unknown, attribute: unknown): void {
    const name = `${module}.${attribute}`;
    if (!Object.hasOwn(this.#allowed, name)) {
      this.refuse(
        `its pickle names ${quoted(name)}, which no state_dict needs and which could run code: refused. ` +
          "Save the weights alone: torch.save(model.state_dict(), …), or as safetensors",
      );
    }
    this.push({ name, make: this.#allowed[name] } as Named);
  }

  call(): void {
    const args = this.pop();
    const named = this.pop() as Partial<Named> | undefined;
    if (!Array.isArray(args) || typeof named?.make !== "function")
      this.refuse("its pickle calls what cannot be called");
    this.push(named.make(...args));
  }

  persistent(): void {
    this.push(this.#persistent(this.pop()));
  }

  /** The dict below, for SETITEM and SETITEMS. */
  setItems(pairs: readonly unknown[]): void {
    const dict = this.top();
    if (!(dict instanceof Map) || pairs.length % 2 !== 0) this.refuse("its pickle sets items of what is no dict");
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i], pairs[i + 1]);
  }

  appendItems(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || Object.isFrozen(list)) this.refuse("its pickle appends to what is no list");
    for (const item of items) list.push(item);
  }

  /** Attributes of a dict, for instance the versions that PyTorch keeps with a state_dict, say nothing of its tensors. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) this.refuse("its pickle sets attributes of what is no dict");
  }

  tuple(length: number): void {
    const values = Array.from({ length }, () => this.pop()).reverse();
    this.push(Object.freeze(values));
  }
}

const STOP = 0x2e;

/** By their codes: https://github.com/python/cpython/blob/main/Lib/pickletools.py */
const OPCODES: Readonly<Record<number, Opcode>> = {
  128: (machine) => {
    const protocol = machine.byte(); // PROTO
    if (protocol > 5) machine.refuse(`its pickle must be of protocol 5 at most, got ${protocol}`);
  },
  149: (machine) => {
    machine.take(8); // FRAME
  },
  40: (machine) => machine.mark(), // MARK
  48: (machine) => {
    machine.pop(); // POP
  },
  125: (machine) => machine.push(new Map()), // EMPTY_DICT
  93: (machine) => machine.push([]), // EMPTY_LIST
  41: (machine) => machine.tuple(0), // EMPTY_TUPLE
  133: (machine) => machine.tuple(1), // TUPLE1
  134: (machine) => machine.tuple(2), // TUPLE2
  135: (machine) => machine.tuple(3), // TUPLE3
  116: (machine) => machine.push(Object.freeze(machine.popToMark())), // TUPLE
  78: (machine) => machine.push(null), // NONE
  136: (machine) => machine.push(true), // NEWTRUE
  137: (machine) => machine.push(false), // NEWFALSE
  75: (machine) => machine.push(machine.byte()), // BININT1
  77: (machine) => machine.push(machine.uint16()), // BININT2
  74: (machine) => machine.push(machine.int32()), // BININT
  138: (machine) => machine.push(machine.long(machine.byte())), // LONG1
  71: (machine) => machine.push(machine.double()), // BINFLOAT
  88: (machine) => machine.push(machine.text(machine.uint32())), // BINUNICODE
  140: (machine) => machine.push(machine.text(machine.byte())), // SHORT_BINUNICODE
  113: (machine) => machine.put(machine.byte()), // BINPUT
  114: (machine) => machine.put(machine.uint32()), // LONG_BINPUT
  148: (machine) => machine.memoize(), // MEMOIZE
  104: (machine) => machine.get(machine.byte()), // BINGET
  106: (machine) => machine.get(machine.uint32()), // LONG_BINGET
  99: (machine) => machine.name(machine.line(), machine.line()), // GLOBAL
  147: (machine) => {
    const attribute = machine.pop(); // STACK_GLOBAL
    machine.name(machine.pop(), attribute);
  },
  81: (machine) => machine.persistent(), // BINPERSID
  82: (machine) => machine.call(), // REDUCE
  98: (machine) => machine.build(), // BUILD
  115: (machine) => {
    const value = machine.pop(); // SETITEM
    machine.setItems([machine.pop(), value]);
  },
  117: (machine) => machine.setItems(machine.popToMark()), // SETITEMS
  97: (machine) => machine.appendItems([machine.pop()]), // APPEND
  101: (machine) => machine.appendItems(machine.popToMark()), // APPENDS
};
