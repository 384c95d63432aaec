/** The parts of wasmbuilder that are used here: code is a list of bytes. */
export type Code = number[];
export interface CodeBuilder {
  setLocal(name: string, value: Code): Code;
  getLocal(name: string): Code;
  call(name: string, ...args: Code[]): Code;
  if(condition: Code, then: Code, otherwise?: Code): Code;
  block(body: Code): Code;
  loop(...body: Code[]): Code;
  br(depth: number): Code;
  br_if(depth: number, condition: Code): Code;
  ret(value: Code): Code;
  i32_const(value: number): Code;
  i32_load(address: Code): Code;
  i32_store(address: Code, value: Code): Code;
  i32_add(a: Code, b: Code): Code;
  i32_sub(a: Code, b: Code): Code;
  i32_mul(a: Code, b: Code): Code;
  i32_shl(a: Code, b: Code): Code;
  i32_shr_u(a: Code, b: Code): Code;
  i32_and(a: Code, b: Code): Code;
  i32_eq(a: Code, b: Code): Code;
  i32_eqz(a: Code): Code;
  i32_ge_s(a: Code, b: Code): Code;
}
interface FunctionBuilder {
  addParam(name: string, type: 'i32'): void;
  addLocal(name: string, type: 'i32'): void;
  getCodeBuilder(): CodeBuilder;
  addCode(...code: Code[]): void;
}
export interface ModuleBuilder {
  addFunction(name: string): FunctionBuilder;
  exportFunction(name: string): void;
  alloc(bytes: number): number;
}

/** `while (count > 0) { count--; body }` over a local. */
export function downTo0(c: CodeBuilder, counter: string, ...body: Code[]): Code {
  const decrement = c.setLocal(counter, c.i32_sub(c.getLocal(counter), c.i32_const(1)));
  return c.block(c.loop(c.br_if(1, c.i32_eqz(c.getLocal(counter))), decrement, ...body, c.br(0)));
}
