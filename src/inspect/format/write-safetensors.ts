/** An array to be written: values in the order of the last index, as C has them. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array | Int32Array;
}

/**
 * A file of safetensors. The header is padded to a multiple of eight bytes, and doubles stand before integers, so that each
 * number lies where a machine may map it.
 *
 * @param metadata text by name: what else the format has room for
 */
export function safetensorsBytes(
  tensors: Readonly<Record<string, WrittenTensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = Object.entries(tensors).sort(([, one], [, other]) => widthOf(other) - widthOf(one));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of entries) {
    const dtype = values instanceof Float64Array ? "F64" : "I32";
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = 8 * Math.ceil(text.length / 8);
  const file = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, 8);
  let at = 8 + length;
  for (const [, { values }] of entries) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}

function widthOf({ values }: WrittenTensor): number {
  return values.BYTES_PER_ELEMENT;
}
