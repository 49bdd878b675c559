const scratch = new DataView(new ArrayBuffer(8));

/** The upper and lower 32 bits of a number. */
export function halvesOf(value: number): readonly [hi: number, lo: number] {
  scratch.setFloat64(0, value);
  return [scratch.getUint32(0), scratch.getUint32(4)];
}
