import * as v from "valibot";
import { type ConnectRoster, type ConnectUser, resourceArn } from "./connect-roster.ts";
import { readInput } from "./json-service.ts";
import { ServiceError } from "./service.ts";

/** SearchUsers, with string conditions and their And and Or. It refuses every other condition instead of ignoring it. */

interface StringCondition {
  FieldName: string;
  Value: string;
  ComparisonType: "STARTS_WITH" | "CONTAINS" | "EXACT";
}

interface Criteria {
  OrConditions?: Criteria[] | undefined;
  AndConditions?: Criteria[] | undefined;
  StringCondition?: StringCondition | undefined;
}

const stringConditionSchema = v.object({
  FieldName: v.string(),
  Value: v.string(),
  ComparisonType: v.picklist(["STARTS_WITH", "CONTAINS", "EXACT"]),
});
const criteriaSchema: v.GenericSchema<Criteria> = v.strictObject({
  OrConditions: v.optional(v.array(v.lazy(() => criteriaSchema))),
  AndConditions: v.optional(v.array(v.lazy(() => criteriaSchema))),
  StringCondition: v.optional(stringConditionSchema),
});
const requestSchema = v.object({
  InstanceId: v.string(),
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 100),
  NextToken: v.optional(v.string()),
  SearchCriteria: v.optional(criteriaSchema),
  SearchFilter: v.optional(v.strictObject({})),
});

export interface UserSearch {
  instanceId: string;
  maxResults: number;
  nextToken: string | undefined;
  criteria: Criteria | undefined;
}

/** Reads the request. @throws ServiceError InvalidParameterException */
export function readUserSearch(input: unknown): UserSearch {
  const request = readInput(requestSchema, input, "InvalidParameterException");
  return {
    instanceId: request.InstanceId.split("/").at(-1) ?? "",
    maxResults: request.MaxResults,
    nextToken: request.NextToken,
    criteria: request.SearchCriteria,
  };
}

export function searchUsers(roster: ConnectRoster, criteria: Criteria | undefined): object[] {
  return roster.users
    .filter((user) => criteria === undefined || fits(user, criteria))
    .map((user) => ({
      Id: user.id,
      Arn: resourceArn(roster.instanceId, "agent", user.id),
      Username: user.username,
      IdentityInfo: { FirstName: user.firstName, LastName: user.lastName },
      RoutingProfileId: user.routingProfileId,
      ...(user.hierarchyGroupId ? { HierarchyGroupId: user.hierarchyGroupId } : {}),
      Tags: user.tags ?? {},
    }));
}

function fits(user: ConnectUser, { OrConditions, AndConditions, StringCondition }: Criteria): boolean {
  return (
    (OrConditions?.some((condition) => fits(user, condition)) ?? true) &&
    (AndConditions?.every((condition) => fits(user, condition)) ?? true) &&
    (StringCondition === undefined || fitsString(user, StringCondition))
  );
}

function fitsString(user: ConnectUser, { FieldName, Value, ComparisonType }: StringCondition): boolean {
  const fields: Readonly<Record<string, string>> = {
    username: user.username,
    firstname: user.firstName,
    lastname: user.lastName,
    resourceid: user.id,
    routingprofileid: user.routingProfileId,
  };
  const field = fields[FieldName.toLowerCase()]?.toLowerCase();
  if (field === undefined) {
    throw new ServiceError(400, "InvalidParameterException", `The stand-in cannot search users by ${FieldName}.`);
  }
  const value = Value.toLowerCase();
  switch (ComparisonType) {
    case "EXACT":
      return field === value;
    case "STARTS_WITH":
      return field.startsWith(value);
    case "CONTAINS":
      return field.includes(value);
  }
}
