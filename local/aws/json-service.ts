import * as v from "valibot";
import { type LocalService, ServiceError, type ServiceRequest, startService } from "./service.ts";

/** Answers one operation. Throws a ServiceError to refuse the input. */
export type JsonOperation = (input: unknown) => object | Promise<object>;

/** Starts a service of the AWS JSON protocol. The header `x-amz-target` ends with the name of the operation. */
export function startJsonService(operations: Readonly<Record<string, JsonOperation>>): Promise<LocalService> {
  return startService({
    serve: async (request) => {
      const name = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined)
        throw new ServiceError(400, "UnknownOperationException", `The stand-in has no operation ${name}.`);
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
    throw new ServiceError(400, "SerializationException", "The request body is not JSON.");
  }
}

/** Parses the input with the schema. @throws ServiceError with `code`, which names the first wrong field */
export function readInput<Schema extends v.GenericSchema>(schema: Schema, input: unknown, code: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new ServiceError(400, code, `Invalid input at ${v.getDotPath(issue) ?? "the root"}: ${issue.message}`);
}
