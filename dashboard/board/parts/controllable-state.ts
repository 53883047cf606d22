import { useState } from "react";

/** State that a prop starts, and sets again whenever it changes; in between it is the reader's. */
export function usePropState<Value>(prop: Value | undefined, start: Value): [Value, (value: Value) => void] {
  const [state, setState] = useState({ prop, value: prop ?? start });
  if (prop !== state.prop) setState({ prop, value: prop ?? state.value });
  return [state.value, (value) => setState({ prop, value })];
}
