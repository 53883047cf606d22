import { useState } from "react";

/** State that a prop sets at the start and whenever it changes. Between two changes the reader sets it. */
export function useControllableState<Value>(prop: Value | undefined, start: Value): [Value, (value: Value) => void] {
  const [state, setState] = useState({ prop, value: prop ?? start });
  if (prop !== state.prop) setState({ prop, value: prop ?? state.value });
  return [state.value, (value) => setState({ prop, value })];
}

/** The same for a choice that the page wants to know of: the returned function also calls `onChange`. */
export function useChoice<Value>(
  prop: Value | undefined,
  start: Value,
  onChange: ((value: Value) => void) | undefined,
): [Value, (value: Value) => void] {
  const [value, setValue] = useControllableState(prop, start);
  const change = (next: Value) => {
    setValue(next);
    onChange?.(next);
  };
  return [value, change];
}
