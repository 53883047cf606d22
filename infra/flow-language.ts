/** One block of a flow in Amazon Connect's flow language, version 2019-10-30 (developer guide, "Flow language", read 2026-11-26). */
export interface FlowAction {
  Identifier: string;
  Type: string;
  Parameters: Record<string, unknown>;
  Transitions: { NextAction?: string; Errors?: { ErrorType: string; NextAction: string }[] };
}

export interface FlowContent {
  Version: "2019-10-30";
  StartAction: string;
  Metadata: Record<string, unknown>;
  Actions: FlowAction[];
}

/** A block that leads to the next one, also after an error. */
export type FlowStep = Pick<FlowAction, "Identifier" | "Type" | "Parameters"> & { errors: string[] };

export function step(
  Identifier: string,
  Type: string,
  Parameters: Record<string, unknown>,
  errors = ["NoMatchingError"],
): FlowStep {
  return { Identifier, Type, Parameters, errors };
}

/** A block without a next one. */
export function lastBlock(Identifier: string, Type: string): FlowAction {
  return { Identifier, Type, Parameters: {}, Transitions: {} };
}

/**
 * Returns a flow that runs the steps one after another and goes on with the first of the last blocks. After an error a step leads on
 * like after a success, because a caller must not notice a fault of the monitoring.
 */
export function flowOf(steps: readonly FlowStep[], last: readonly [FlowAction, ...FlowAction[]]): FlowContent {
  const onward = steps.map(({ errors, ...action }, index): FlowAction => {
    const next = steps[index + 1]?.Identifier ?? last[0].Identifier;
    const Errors = errors.map((ErrorType) => ({ ErrorType, NextAction: next }));
    return { ...action, Transitions: { NextAction: next, Errors } };
  });
  const Actions = [...onward, ...last];
  return {
    Version: "2019-10-30",
    StartAction: Actions[0]?.Identifier ?? last[0].Identifier,
    Metadata: { entryPointPosition: { x: 40, y: 40 }, ActionMetadata: positions(Actions.map(({ Identifier }) => Identifier)) },
    Actions,
  };
}

/** Places the blocks of the flow designer in one row from left to right. */
function positions(identifiers: string[]): Record<string, { position: { x: number; y: number } }> {
  return Object.fromEntries(identifiers.map((identifier, index) => [identifier, { position: { x: 200 + index * 240, y: 40 } }]));
}
