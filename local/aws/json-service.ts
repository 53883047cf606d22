import * as v from "valibot";
import { type LocalService, ServiceError, type ServiceRequest, startService } from "./service.ts";

/** One operation: reads its input (throws a ServiceError to refuse) and returns its output. */
export type JsonOperation = (input: unknown) => object | Promise<object>;

/** A service of the AWS JSON protocol: the operation's name is the end of the header `x-amz-target`. */
export function startJsonService(operations: Readonly<Record<string, JsonOperation>>): Promise<LocalService> {
  return startService({
    serve: async (request) => {
      const name = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined) throw new ServiceError(400, "UnknownOperationException", `No operation ${name} here.`);
      const output = await operation(readJson(request));
      return { status: 200, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(output) };
    },
  });
}

export function readJson(request: ServiceRequest): unknown {
  const text = Buffer.from(request.body).toString("utf8");
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new ServiceError(400, "SerializationException", "The request's body is not JSON.");
  }
}

/** The input as the schema reads it; else a ServiceError of that code that names the first bad field. */
export function readInput<Schema extends v.GenericSchema>(schema: Schema, input: unknown, code: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new ServiceError(400, code, `Invalid input at ${v.getDotPath(issue) ?? "the root"}: ${issue.message}`);
}
