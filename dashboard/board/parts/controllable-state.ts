import { useState } from "react";

/** State that a prop sets at the start and whenever it changes. Between two changes the reader sets it. */
export function useControllableState<Value>(prop: Value | undefined, start: Value): [Value, (value: Value) => void] {
  const [state, setState] = useState({ prop, value: prop ?? start });
  if (prop !== state.prop) setState({ prop, value: prop ?? state.value });
  return [state.value, (value) => setState({ prop, value })];
}
